import { type GraphQLSchema, isNonNullType, isObjectType, isUnionType } from 'graphql';
import type { FieldDecoder } from '#upstream/field-decoders.ts';
import { type Check, checkDerived, type Field } from './check-derived.ts';
import type { Entity } from './define-entity.ts';
import { EntityError } from './entity-error.ts';

/**
 * Holds every definition against the schema.
 * @throws EntityError that names every problem, with file and field
 */
export function checkEntities(schema: GraphQLSchema, entities: readonly Entity[]): void {
  const problems = [...undefinedTypes(schema, entities)];
  const types = new Set<string>();
  for (const entity of entities) {
    const report = (message: string, field?: string) => {
      problems.push(`${entity.file}: ${entity.type}${field === undefined ? '' : `.${field}`} ${message}`);
    };
    if (types.has(entity.type)) report('is defined twice: remove one definition.');
    types.add(entity.type);
    for (const { message, field } of entity.problems) report(message, field);
    const type = schema.getType(entity.type);
    if (!isObjectType(type)) report('is no object type of schema/: add it there, or mend the name.');
    else if (entity.problems.length === 0) checkEntity({ schema, entities, entity, type, report });
  }
  if (problems.length > 0) throw new EntityError(problems);
}

function* undefinedTypes(schema: GraphQLSchema, entities: readonly Entity[]): Iterable<string> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    if (entities.some((entity) => entity.type === type.name)) continue;
    yield `schema/: type ${type.name} has no entity: define one in src/graphql/entities/ and list it in index.ts.`;
  }
}

/** What `@apollo/subgraph` adds to `Query`. */
const FEDERATION = ['_entities', '_service'];

function checkEntity(check: Check): void {
  const { entity, type, report } = check;
  const fields = type.getFields();
  checkKeyDirective(check);
  const decoders = new Map(entity.resource?.fields.map(({ name, decoder }) => [name, decoder]));
  for (const name of new Set([...entity.key, ...decoders.keys(), ...Object.keys(entity.derived)])) {
    if (!Object.hasOwn(fields, name))
      report('is no field of schema/: add it there, or remove it here.', name);
  }
  for (const field of Object.values(fields)) {
    const { name } = field;
    const decoder = decoders.get(name);
    const derived = Object.hasOwn(entity.derived, name) ? entity.derived[name] : undefined;
    if (entity.key.includes(name)) {
      if (String(field.type) !== 'ID!') report(`is in the key, but is "${field.type}": make it "ID!".`, name);
    } else if (decoder !== undefined) checkRestField(check, field, decoder);
    else if (derived !== undefined) checkDerived(check, field, derived);
    else if (!FEDERATION.includes(name)) {
      report('is in schema/ only: declare it under "fields" with its decoder, or under "derived".', name);
    }
    const takesArguments = derived?.kind === 'link' || derived?.kind === 'withheld' || name === '_entities';
    if (field.args.length > 0 && !takesArguments) {
      report('has arguments in schema/, which nothing reads: remove them, or declare a link().', name);
    }
  }
}

function checkKeyDirective({ schema, entity, type, report }: Check): void {
  const union = schema.getType('_Entity');
  if (!isUnionType(union) || !union.getTypes().includes(type)) return;
  const keys = [type.astNode, ...type.extensionASTNodes]
    .flatMap((node) => node?.directives ?? [])
    .filter(({ name }) => name.value === 'key')
    .map((key) => key.arguments?.find(({ name }) => name.value === 'fields')?.value);
  const [key] = keys;
  const names = key !== undefined && 'value' in key ? String(key.value).trim().split(/\s+/) : [];
  if (keys.length === 1 && names.toSorted().join() === entity.key.toSorted().join()) return;
  const wanted = entity.key.join(' ');
  report(
    `has the key "${wanted}": write @key(fields: "${wanted}") in schema/, and no other, or mend the key.`,
  );
}

function checkRestField({ report }: Check, field: Field, { kind }: FieldDecoder): void {
  const fitting = LEAVES[kind];
  if (isNonNullType(field.type)) {
    report('may be withheld or empty: make it nullable in schema/.', field.name);
  } else if (!fitting.includes(String(field.type))) {
    const mismatch = `is read by ${kind}(), which gives ${fitting.join(' or ')}, but is "${field.type}" in schema/`;
    report(`${mismatch}: change one.`, field.name);
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
