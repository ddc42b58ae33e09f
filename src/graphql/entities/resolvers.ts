import type { GraphQLResolverMap } from '@apollo/subgraph';
import {
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  getNamedType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { RequestLoader } from '#loader/request-loader.ts';
import { compileSelection } from '../plan/compile.ts';
import { FieldArguments } from '../plan/field-arguments.ts';
import { keyOfRepresentation, LinkKey, ofRepresentedType, type Source } from '../plan/keys.ts';
import { computedValue, readsOf } from '../plan/leaf.ts';
import type { Selection } from '../plan/plan.ts';
import { type Derived, type Entity, eachOf, type Values } from './define-entity.ts';

/** What resolvers have at hand. */
export interface ResolverContext {
  readonly loader: RequestLoader;
}

/** An object, as graphql-js passes it from resolver to resolver. */
interface Resolved extends Source {
  readonly entity: Entity;
}

type Resolver = GraphQLFieldResolver<Resolved | undefined, ResolverContext, Values>;

/**
 * Resolvers for graphql-js, which executes what plans do not cover: introspection, and operations that are traced. They
 * follow from the very definitions that plans are made of.
 */
export function entityResolvers(
  entities: ReadonlyMap<string, Entity>,
  sdl: string,
): GraphQLResolverMap<unknown> {
  const resolvers: Record<string, Record<string, unknown>> = {};
  for (const entity of entities.values()) {
    const fields: Record<string, Resolver> = {};
    entity.key.forEach((name, index) => {
      fields[name] = (source) => source?.key[index];
    });
    entity.resource?.fields.forEach(({ name }, index) => {
      fields[name] = (source) => source?.item?.values[index];
    });
    for (const [name, derived] of Object.entries(entity.derived)) {
      fields[name] = derivedResolver(entity, derived, entities);
    }
    resolvers[entity.type] = fields;
  }
  const resolveEntities: Resolver = (_root, { representations }, context, info) => {
    const union = getNamedType(info.returnType);
    const types = new Map<string, Entity>();
    for (const { name } of isUnionType(union) ? union.getTypes() : []) {
      const entity = entities.get(name);
      if (entity !== undefined) types.set(name, entity);
    }
    return loadEach(representations, (item) => {
      const { type, representation } = ofRepresentedType(item, types);
      return loadEntity(type, keyOfRepresentation(type, representation), context, info, entities);
    });
  };
  return {
    ...resolvers,
    Query: { ...resolvers.Query, _entities: resolveEntities, _service: () => ({ sdl }) },
    _Entity: { __resolveType: ({ entity }: Resolved) => entity.type },
  } as GraphQLResolverMap<unknown>;
}

function derivedResolver(entity: Entity, derived: Derived, entities: ReadonlyMap<string, Entity>): Resolver {
  switch (derived.kind) {
    case 'withheld':
      return (source, args) =>
        source?.item?.isWithheld(entity.resource?.indexOf(String(args[derived.argument])) ?? -1);
    case 'computed':
      return (source, _args, _context, { returnType }) =>
        source && computedValue(entity, source, derived, returnType);
    case 'link':
      return (source, args, context, info) => {
        const target = entities.get(derived.target);
        if (target === undefined) throw new TypeError(`${derived.target} is no entity`);
        const key = new LinkKey(derived, entity, target, argumentsOf(info));
        const load = (item?: unknown) =>
          loadEntity(target, key.read(source ?? ROOT, info.variableValues, item), context, info, entities);
        const each = eachOf(derived);
        return each === undefined ? load() : loadEach(args[each], load);
      };
  }
}

const ROOT: Source = { key: [], item: undefined };

function argumentsOf({ parentType, fieldName, fieldNodes: [node] }: GraphQLResolveInfo): FieldArguments {
  const field = parentType.getFields()[fieldName];
  if (field === undefined || node === undefined) throw new TypeError(`There is no field ${fieldName}`);
  return new FieldArguments(field, node);
}

/** Every item settles alone: an error stands in its own place. */
function loadEach(items: unknown, load: (item: unknown) => unknown): unknown[] {
  return (Array.isArray(items) ? items : []).map((item) => {
    try {
      return load(item);
    } catch (error) {
      return error;
    }
  });
}

function loadEntity(
  entity: Entity,
  key: readonly string[] | undefined,
  { loader }: ResolverContext,
  info: GraphQLResolveInfo,
  entities: ReadonlyMap<string, Entity>,
): Resolved | null | Promise<Resolved | null> {
  if (key === undefined) return null;
  const { resource } = entity;
  if (resource === undefined) return { entity, key, item: undefined };
  const reads = readsOf(selectionOf(entity, info, entities), info.variableValues);
  return loader.load(resource, key, reads).then((item) => item && { entity, key, item });
}

function selectionOf(
  entity: Entity,
  info: GraphQLResolveInfo,
  entities: ReadonlyMap<string, Entity>,
): Selection {
  const { schema, fragments, variableValues: variables, fieldNodes } = info;
  const type = schema.getType(entity.type);
  if (!isObjectType(type)) throw new TypeError(`${entity.type} is no type of the schema`);
  return compileSelection({ schema, entities }, { schema, fragments, variables }, type, fieldNodes);
}
