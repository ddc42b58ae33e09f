import { type GraphQLFieldResolver, isObjectType, isUnionType } from 'graphql';
import type { RequestLoader } from '#loader/request-loader.ts';
import { compileField, type PlanContext } from '../plan/compile.ts';
import { keyOfRepresentation, ofRepresentedType, type Source } from '../plan/keys.ts';
import { leafJson, readsOf } from '../plan/leaf.ts';
import type { EntitiesField, LinkField, Selection } from '../plan/plan.ts';
import type { Entity, Values } from './define-entity.ts';

/** What resolvers have at hand. */
export interface ResolverContext {
  readonly loader: RequestLoader;
}

/** An object, as graphql-js passes it from resolver to resolver. */
interface Resolved extends Source {
  readonly entity: Entity;
}

type Resolver = GraphQLFieldResolver<Resolved | undefined, ResolverContext>;

/**
 * Gives the types of a schema their resolvers, for graphql-js, which executes what plans do not cover: introspection, and
 * operations that are traced. Each field is planned as in a plan, and read as the plan says.
 */
export function addResolvers(context: PlanContext, sdl: string): void {
  const { schema, entities } = context;
  for (const entity of entities.values()) {
    const type = schema.getType(entity.type);
    if (!isObjectType(type)) continue;
    const resolve = resolverOf(context, entity);
    for (const field of Object.values(type.getFields())) {
      field.resolve = field.name === '_service' ? () => ({ sdl }) : resolve;
    }
  }
  const union = schema.getType('_Entity');
  if (isUnionType(union)) union.resolveType = ({ entity }: Resolved) => entity.type;
}

function resolverOf(context: PlanContext, entity: Entity): Resolver {
  return (source = { entity, key: [], item: undefined }, _args, { loader }, info) => {
    const { fragments, variableValues: variables, parentType, fieldNodes } = info;
    const field = compileField(context, { fragments, variables }, parentType, fieldNodes);
    switch (field.kind) {
      case 'link': {
        const load = (item?: unknown) => {
          return loadEntity(loader, field.selection, field.key.read(source, variables, item), variables);
        };
        return field.each === undefined ? load() : eachOf(field, variables, load);
      }
      case 'entities':
        return eachOf(field, variables, (item) => {
          const { type, representation } = ofRepresentedType(item, field.selections);
          return loadEntity(loader, type, keyOfRepresentation(type.entity, representation), variables);
        });
      case 'typename':
      case 'delegated':
        throw new TypeError(`${field.name} is not resolved here`);
      default:
        return JSON.parse(leafJson(field, entity, source, variables));
    }
  };
}

/** Every item settles alone: an error stands in its own place. */
function eachOf(
  field: LinkField | EntitiesField,
  variables: Values,
  load: (item: unknown) => unknown,
): unknown[] {
  return field.arguments.items(field.each ?? '', variables).map((item) => {
    try {
      return load(item);
    } catch (error) {
      return error;
    }
  });
}

function loadEntity(
  loader: RequestLoader,
  selection: Selection,
  key: readonly string[] | undefined,
  variables: Values,
): Resolved | null | Promise<Resolved | null> {
  if (key === undefined) return null;
  const { entity } = selection;
  if (entity.resource === undefined) return { entity, key, item: undefined };
  const loading = loader.load(entity.resource, key, readsOf(selection, variables));
  return loading.then((item) => item && { entity, key, item });
}
