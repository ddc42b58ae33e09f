import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { type Entity, eachOf } from '../entities/define-entity.ts';
import { collectFields, type SelectionContext } from './collect-fields.ts';
import { FieldArguments } from './field-arguments.ts';
import { LinkKey } from './keys.ts';
import type { Plan, PlannedField, Selection } from './plan.ts';
import { createSelection } from './selection.ts';

/** What plans are made for. */
export interface PlanContext {
  readonly schema: GraphQLSchema;
  /** By name of the type. */
  readonly entities: ReadonlyMap<string, Entity>;
}

/** An operation that validated, with the fragments of its document by name. */
export interface PlannableOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode | undefined>>;
}

/**
 * The plan of an operation under these values of the variables in its conditions; an error where one of those that its own
 * fields depend on is null.
 */
export function compilePlan(
  context: PlanContext,
  { operation, fragments }: PlannableOperation,
  conditions: SelectionContext['variables'],
): Plan | GraphQLError {
  const compiler = new Compiler(context, { schema: context.schema, fragments, variables: conditions });
  const selection = compiler.selection(objectType(context, 'Query'), [operation.selectionSet]);
  if (selection.failure !== undefined) return selection.failure;
  const { fieldCount } = compiler;
  return { selection, delegated: delegatedDocument({ operation, fragments }, selection), fieldCount };
}

function delegatedDocument(
  { operation, fragments }: PlannableOperation,
  { fields }: Selection,
): DocumentNode | undefined {
  const selections = fields.flatMap((field) => (field.kind === 'delegated' ? field.nodes : []));
  if (selections.length === 0) return undefined;
  const reduced = { ...operation, selectionSet: { ...operation.selectionSet, selections } };
  const others = Object.values(fragments).filter((fragment) => fragment !== undefined);
  return { kind: Kind.DOCUMENT, definitions: [reduced, ...others] };
}

function objectType({ schema }: PlanContext, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new TypeError(`The schema has no object type ${name}`);
  return type;
}

/** A field of an object of this type, of which these nodes are one. */
export function compileField(
  context: PlanContext,
  selected: Omit<SelectionContext, 'schema'>,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): PlannedField {
  return new Compiler(context, { ...selected, schema: context.schema }).field(type, '', nodes, 0);
}

function selectionSetsOf(nodes: readonly FieldNode[]) {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}

class Compiler {
  fieldCount = 0;
  readonly #context: PlanContext;
  readonly #selected: SelectionContext;

  constructor(context: PlanContext, selected: SelectionContext) {
    this.#context = context;
    this.#selected = selected;
  }

  selection(type: GraphQLObjectType, selectionSets: ReturnType<typeof selectionSetsOf>): Selection {
    const entity = this.#entity(type);
    let collected: ReadonlyMap<string, readonly FieldNode[]>;
    try {
      collected = collectFields(this.#selected, type, selectionSets);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return createSelection(entity, [], error);
    }
    const fields: PlannedField[] = [];
    for (const [responseName, nodes] of collected) {
      fields.push(this.field(type, responseName, nodes, fields.length));
    }
    return createSelection(entity, fields, undefined);
  }

  field(
    type: GraphQLObjectType,
    responseName: string,
    nodes: readonly FieldNode[],
    order: number,
  ): PlannedField {
    this.fieldCount++;
    const entity = this.#entity(type);
    const [node] = nodes;
    const name = node?.name.value ?? '';
    const prefix = `${order === 0 ? '{' : ','}${JSON.stringify(responseName)}:`;
    const untyped = { name, responseName, prefix, order, nonNull: true, itemNonNull: false, nodes };
    if (name === '__typename') {
      return { ...untyped, kind: 'typename', prefix: `${prefix}${JSON.stringify(type.name)}` };
    }
    const field = type.getFields()[name];
    if (node === undefined || field === undefined || name === '_service') {
      return { ...untyped, kind: 'delegated', nonNull: name !== '__type' };
    }
    const base = { ...untyped, nonNull: isNonNullType(field.type), itemNonNull: areItemsNonNull(field) };
    const key = entity.key.indexOf(name);
    if (key !== -1) return { ...base, kind: 'key', index: key };
    const index = entity.resource?.indexOf(name);
    if (index !== undefined) return { ...base, kind: 'rest', index };
    const args = new FieldArguments(field, node);
    if (name === '_entities') {
      const union = getNamedType(field.type);
      const types = isUnionType(union) ? union.getTypes() : [];
      const selections = new Map(types.map((one) => [one.name, this.selection(one, selectionSetsOf(nodes))]));
      return { ...base, kind: 'entities', arguments: args, each: 'representations', selections };
    }
    const derived = entity.derived[name];
    switch (derived?.kind) {
      case undefined:
        throw new TypeError(`${type.name}.${name} is not declared`);
      case 'withheld':
        return { ...base, kind: 'withheld', arguments: args, argument: args.argument(derived.argument) };
      case 'computed':
        return { ...base, kind: 'computed', computed: derived, type: field.type };
      case 'link': {
        const selection = this.selection(objectType(this.#context, derived.target), selectionSetsOf(nodes));
        const key = new LinkKey(derived, entity, selection.entity, args);
        return { ...base, kind: 'link', arguments: args, key, selection, each: eachOf(derived) };
      }
    }
  }

  #entity({ name }: GraphQLObjectType): Entity {
    const entity = this.#context.entities.get(name);
    if (entity === undefined) throw new TypeError(`${name} is no entity`);
    return entity;
  }
}

function areItemsNonNull({ type }: GraphQLField<unknown, unknown>): boolean {
  const list = getNullableType(type);
  return isListType(list) && isNonNullType(list.ofType);
}
