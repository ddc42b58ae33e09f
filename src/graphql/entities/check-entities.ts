import {
  type GraphQLObjectType,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { FieldDecoder } from '#upstream/field-decoders.ts';
import { StartError } from '../start-error.ts';
import { derivedProblems, type Field } from './check-derived.ts';
import type { Entity } from './define-entity.ts';

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
    const found = [...definitionProblems(entity)];
    // What is wrong by itself would only be misunderstood.
    if (found.length === 0) found.push(...schemaProblems(schema, defined, entity));
    problems.push(...found.map((problem) => `${file}: ${type}${problem}`));
  }
  if (problems.length > 0) throw new StartError('The schema and its entities do not fit together:', problems);
}

/** What is wrong with a definition by itself, where nobody has checked its types. Each text goes behind the type's name. */
function* definitionProblems({ key, derived, definition }: Entity): Iterable<string> {
  const { path, fields = {}, existence = '' } = definition;
  for (const [name, decoder] of Object.entries(fields)) {
    if (!has(decoder, 'decode')) yield `.${name} has no decoder: write string(), or another one.`;
  }
  for (const [name, value] of Object.entries(derived)) {
    if (!has(value, 'kind')) yield `.${name} is not derived: write link(), withheld() or computed().`;
    if (key.includes(name) || Object.hasOwn(fields, name)) {
      yield `.${name} stands in "derived", and in "key" or "fields" too: keep one.`;
    }
  }
  if (path === undefined) {
    if (Object.keys(fields).length > 0) yield ' has "fields", but no "path" to read them at: add it.';
    return;
  }
  if (!PATH.test(path)) yield ` has the path "${path}": write it as /things/{thingId}, without a query.`;
  const parameters = Array.from(path.matchAll(/\{(\w*)\}/g), ([, name = '']) => name);
  if (parameters.join() !== key.join()) {
    const names = `"${parameters.join(' ')}" in its path, and the key "${key.join(' ')}"`;
    yield ` has ${names}: list the same names in the same order.`;
  }
  if (!Object.hasOwn(fields, existence)) {
    yield ' has a path, so "existence" must name one of its "fields": the one that is never empty.';
  }
}

const PATH = /^(?:\/(?:[\w.~-]|\{\w+\})+)+$/;

function has(value: unknown, property: string): boolean {
  return typeof value === 'object' && value !== null && property in value;
}

/** What `@apollo/subgraph` adds to `Query`. */
const FEDERATION = ['_entities', '_service'];

function* schemaProblems(
  schema: GraphQLSchema,
  entities: ReadonlyMap<string, Entity>,
  entity: Entity,
): Iterable<string> {
  const type = schema.getType(entity.type);
  if (!isObjectType(type)) {
    yield ' is no object type of schema/: add it there, or mend the name.';
    return;
  }
  yield* keyProblems(schema, type, entity.key);
  const fields = type.getFields();
  const { fields: decoders = {} } = entity.definition;
  for (const name of new Set([...entity.key, ...Object.keys(decoders), ...Object.keys(entity.derived)])) {
    if (!Object.hasOwn(fields, name))
      yield `.${name} is no field of schema/: add it there, or remove it here.`;
  }
  for (const field of Object.values(fields)) {
    const { name } = field;
    const derived = Object.hasOwn(entity.derived, name) ? entity.derived[name] : undefined;
    const decoder = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
    if (entity.key.includes(name)) {
      if (String(field.type) !== 'ID!')
        yield `.${name} is in the key, but is "${field.type}": make it "ID!".`;
    } else if (decoder !== undefined) yield* restFieldProblems(field, decoder);
    else if (derived !== undefined) yield* derivedProblems(entities, entity, field, derived);
    else if (!FEDERATION.includes(name)) {
      yield `.${name} is in schema/ only: declare it under "fields" with its decoder, or under "derived".`;
    }
    const takesArguments = derived?.kind === 'link' || derived?.kind === 'withheld' || name === '_entities';
    if (field.args.length > 0 && !takesArguments) {
      yield `.${name} has arguments in schema/, which nothing reads: remove them, or declare a link().`;
    }
  }
}

function* keyProblems(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  key: readonly string[],
): Iterable<string> {
  const union = schema.getType('_Entity');
  if (!isUnionType(union) || !union.getTypes().includes(type)) return;
  const keys = [type.astNode, ...type.extensionASTNodes]
    .flatMap((node) => node?.directives ?? [])
    .filter(({ name }) => name.value === 'key')
    .map((directive) => directive.arguments?.find(({ name }) => name.value === 'fields')?.value);
  const [first] = keys;
  const names = first !== undefined && 'value' in first ? String(first.value).trim().split(/\s+/) : [];
  if (keys.length === 1 && names.toSorted().join() === key.toSorted().join()) return;
  const wanted = key.join(' ');
  yield ` has the key "${wanted}": write @key(fields: "${wanted}") in schema/, and no other, or mend the key.`;
}

function* restFieldProblems({ name, type }: Field, { kind }: FieldDecoder): Iterable<string> {
  const fitting = LEAVES[kind];
  if (isNonNullType(type)) yield `.${name} may be withheld or empty: make it nullable in schema/.`;
  else if (!fitting.includes(String(type))) {
    yield `.${name} is read by ${kind}(), which gives ${fitting.join(' or ')}, but is "${type}" in schema/: change one.`;
  }
}

/** The leaf types of the schema that the values of a decoder fit. */
const LEAVES: Readonly<Record<FieldDecoder['kind'], readonly string[]>> = {
  string: ['String', 'ID'],
  boolean: ['Boolean'],
  integer: ['ID', 'String'],
  int32: ['Int', 'Float'],
  number: ['Float'],
  dateTime: ['DateTime'],
};
