import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  print,
} from 'graphql';
import type { FieldDecoder } from '#upstream/field-decoders.ts';
import { StartError } from '../start-error.ts';
import type { Entity, Link } from './define-entity.ts';

type Field = GraphQLField<unknown, unknown>;

/** What is wrong, and how to mend it: texts that go behind the name of a type, or of a field. */
type Problems = Iterable<string>;

/**
 * Holds every definition against the schema.
 * @throws StartError that says where each problem is, and how to mend it
 */
export function checkEntities(schema: GraphQLSchema, entities: readonly Entity[]): void {
  const defined = new Map(entities.map((entity) => [entity.type, entity]));
  const problems = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('_') && !defined.has(type.name))
    .map(
      ({ name }) =>
        `schema/: type ${name} has no entity: define one in src/graphql/entities/ and list it in index.ts.`,
    );
  for (const entity of entities) {
    const { file, type } = entity;
    if (defined.get(type) !== entity)
      problems.push(`${file}: ${type} is defined twice: remove one definition.`);
    // What is wrong by itself would only be misunderstood.
    const found = entity.problems.length > 0 ? entity.problems : schemaProblems(schema, defined, entity);
    for (const problem of found) problems.push(`${file}: ${type}${problem}`);
  }
  if (problems.length > 0) throw new StartError('The schema and its entities do not fit together:', problems);
}

function* schemaProblems(
  schema: GraphQLSchema,
  entities: ReadonlyMap<string, Entity>,
  entity: Entity,
): Problems {
  const type = schema.getType(entity.type);
  if (!isObjectType(type)) {
    yield ' is no object type of schema/: add it there, or mend the name.';
    return;
  }
  yield* keyProblems(schema, type, entity.key);
  const fields = type.getFields();
  const restFields = entity.resource?.fields.map(({ name }) => name) ?? [];
  for (const name of [...entity.key, ...restFields, ...Object.keys(entity.derived)]) {
    if (!Object.hasOwn(fields, name))
      yield `.${name} is no field of schema/: add it there, or remove it here.`;
  }
  for (const field of Object.values(fields)) {
    for (const problem of fieldProblems(entities, entity, field)) yield `.${field.name} ${problem}`;
  }
}

function* keyProblems(schema: GraphQLSchema, type: GraphQLObjectType, key: readonly string[]): Problems {
  const union = schema.getType('_Entity');
  if (!isUnionType(union) || !union.getTypes().includes(type)) return;
  const keys = [type.astNode, ...type.extensionASTNodes]
    .flatMap((node) => node?.directives ?? [])
    .filter(({ name }) => name.value === 'key')
    .map((directive) => directive.arguments?.find(({ name }) => name.value === 'fields')?.value)
    .map((fields) => fields && print(fields).match(/\w+/g)?.sort().join(' '));
  if (keys.join() === key.toSorted().join(' ')) return;
  const wanted = key.join(' ');
  yield ` has the key "${wanted}": write @key(fields: "${wanted}") in schema/, and no other, or mend the key.`;
}

/** What `@apollo/subgraph` adds to `Query`. */
const FEDERATION = ['_entities', '_service'];

function* fieldProblems(entities: ReadonlyMap<string, Entity>, entity: Entity, field: Field): Problems {
  const { name } = field;
  if (FEDERATION.includes(name)) return;
  const decoder = entity.resource?.fields.find((one) => one.name === name)?.decoder;
  const derived = new Map(Object.entries(entity.derived)).get(name);
  if (entity.key.includes(name)) yield* mismatch(['ID!'], signature(field));
  else if (decoder !== undefined && isNonNullType(field.type))
    yield `may be withheld or empty, but is "${field.type}" in schema/: make it nullable.`;
  else if (decoder !== undefined) yield* mismatch(LEAVES[decoder.kind], signature(field));
  else if (derived?.kind === 'withheld') yield* withheldProblems(entity, field, derived.argument);
  else if (derived?.kind === 'link') yield* linkProblems(entities, entity, field, derived);
  else if (derived?.kind === 'computed') {
    yield* readsProblems(entity, derived.reads);
    const isLeaf = isLeafType(getNullableType(field.type));
    if (!isLeaf) yield `is "${field.type}": a computed field is a single value of a scalar or an enum.`;
    else yield* mismatch([String(field.type)], signature(field));
  } else yield 'is in schema/ only: declare it under "fields" with its decoder, or under "derived".';
}

const LEAVES: Readonly<Record<FieldDecoder['kind'], readonly string[]>> = {
  string: ['String', 'ID'],
  boolean: ['Boolean'],
  integer: ['ID', 'String'],
  int32: ['Int', 'Float'],
  number: ['Float'],
  dateTime: ['DateTime'],
};

function* mismatch(wanted: readonly string[], actual: string): Problems {
  if (wanted.includes(actual)) return;
  yield `is "${wanted.join('" or "')}" by its definition, but "${actual}" in schema/: change one.`;
}

/** Type and arguments of a field, as far as definitions have to do with them: arguments that are lists stand in brackets. */
function signature({ args, type }: Field): string {
  const names = args.map((arg) => (isListType(getNullableType(arg.type)) ? `[${arg.name}]` : arg.name));
  return withArguments(names, String(type));
}

function withArguments(names: Iterable<string>, type: string): string {
  const list = [...names].sort().join(', ');
  return list === '' ? type : `(${list}): ${type}`;
}

function* linkProblems(
  entities: ReadonlyMap<string, Entity>,
  entity: Entity,
  field: Field,
  { target: name, key }: Link,
): Problems {
  const parts = Object.keys(key);
  const target = entities.get(name);
  if (target === undefined) yield `leads to ${name}, which is no entity: define it.`;
  else if (new Set(parts).symmetricDifference(new Set(target.key)).size > 0)
    yield `gives "${parts.join(' ')}", but the key of ${name} is "${target.key.join(' ')}": give just that.`;
  const args = new Set<string>();
  const reads: string[] = [];
  let result = name;
  for (const source of Object.values(key)) {
    if (source.kind === 'argument') args.add(source.name);
    else if (source.kind === 'each') {
      args.add(`[${source.name}]`);
      result = `[${result}]`;
    } else if (source.kind === 'computed') reads.push(...source.reads);
    else if (!entity.key.includes(source.name)) reads.push(source.name);
  }
  yield* mismatch([withArguments(args, result)], signature(field).replaceAll('!', ''));
  yield* readsProblems(entity, reads);
}

function readsProblems({ resource }: Entity, reads: readonly string[]): string[] {
  const unknown = reads.filter((name) => resource?.indexOf(name) === undefined);
  return unknown.map((name) => `reads "${name}", which is not in "fields": mend one.`);
}

function* withheldProblems({ resource }: Entity, field: Field, argument: string): Problems {
  const type = field.args.find(({ name }) => name === argument)?.type;
  const names = type === undefined ? undefined : getNamedType(type);
  if (!isEnumType(names) || !isNonNullType(type) || String(field.type) !== 'Boolean!') {
    yield `must be "(${argument}: <enum of the fields>!): Boolean!" in schema/.`;
    return;
  }
  const values = new Set(names.getValues().map(({ name }) => name));
  const fields = new Set(resource?.fields.map(({ name }) => name));
  for (const name of fields.symmetricDifference(values))
    yield `has "${name}" in only one of "fields" and enum ${names.name}: add it to the other, or remove it.`;
}
