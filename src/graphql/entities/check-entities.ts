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
} from 'graphql';
import type { FieldDecoder } from '#upstream/field-decoders.ts';
import type { Derived, Entity, Link, Withheld } from './define-entity.ts';

/** The definitions of entities and the SDL do not fit together; each line says where, and how to mend it. */
export class EntityError extends Error {
  override readonly name = 'EntityError';
  constructor(problems: readonly string[]) {
    super(
      `The schema and its entities do not fit together:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
}

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
    const type = schema.getType(entity.type);
    if (isObjectType(type)) checkEntity({ schema, entities, entity, type, report });
    else report('is no object type of schema/: add it there, or mend the name.');
  }
  if (problems.length > 0) throw new EntityError(problems);
}

interface Check {
  readonly schema: GraphQLSchema;
  readonly entities: readonly Entity[];
  readonly entity: Entity;
  readonly type: GraphQLObjectType;
  readonly report: (message: string, field?: string) => void;
}

function* undefinedTypes(schema: GraphQLSchema, entities: readonly Entity[]): Iterable<string> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    if (entities.some((entity) => entity.type === type.name)) continue;
    yield `schema/: type ${type.name} has no entity: define one in src/graphql/entities/ and list it in index.ts.`;
  }
}

function checkEntity(check: Check): void {
  const { entity, type, report } = check;
  const fields = type.getFields();
  checkKey(check);
  checkResource(check);
  for (const [name, derived] of Object.entries(entity.derived)) {
    const field = fields[name];
    if (field === undefined)
      report('is no field of schema/: add it there, or remove it from "derived".', name);
    else checkDerived(check, field, derived);
    if (entity.resource?.indexOf(name) !== undefined)
      report('stands in "fields" and in "derived": keep one.', name);
  }
  for (const name of Object.keys(fields)) {
    const isFederation = name === '_entities' || name === '_service';
    const isDeclared =
      entity.key.includes(name) ||
      entity.resource?.indexOf(name) !== undefined ||
      Object.hasOwn(entity.derived, name);
    if (!isDeclared && !isFederation) {
      report('is in schema/ only: declare it under "fields" with its decoder, or under "derived".', name);
    }
  }
}

function checkKey({ schema, entity, type, report }: Check): void {
  for (const name of entity.key) {
    const field = type.getFields()[name];
    if (field === undefined)
      report('is in the key, but no field of schema/: add "ID!" there, or mend the key.', name);
    else if (String(field.type) !== 'ID!')
      report(`is in the key: make it "ID!" in schema/, not "${field.type}".`, name);
  }
  const union = schema.getType('_Entity');
  if (!isUnionType(union) || !union.getTypes().includes(type)) return;
  const keys = type.astNode?.directives?.filter(({ name }) => name.value === 'key') ?? [];
  const fields = keys.flatMap(
    (directive) => directive.arguments?.find(({ name }) => name.value === 'fields')?.value ?? [],
  );
  const wanted = entity.key.join(' ');
  if (!fields.some((value) => 'value' in value && String(value.value).trim() === wanted)) {
    report(`has the key "${wanted}" here: write @key(fields: "${wanted}") in schema/, or mend the key.`);
  }
}

function checkResource({ entity, type, report }: Check): void {
  const { resource, key } = entity;
  if (resource === undefined) return;
  for (const name of resource.parameters) {
    if (!key.includes(name))
      report(`has {${name}} in its path, which is not in its key: add it, or mend the path.`);
  }
  for (const name of key) {
    if (!resource.parameters.includes(name))
      report(`is in the key, but {${name}} is not in the path: add it.`, name);
  }
  for (const { name, decoder } of resource.fields) {
    const field = type.getFields()[name];
    if (field === undefined)
      report('is no field of schema/: add it there, or remove it from "fields".', name);
    else if (isNonNullType(field.type))
      report('may be withheld or empty: make it nullable in schema/.', name);
    else if (!LEAVES[decoder.kind].includes(String(field.type))) {
      const fitting = LEAVES[decoder.kind].join(' or ');
      report(
        `is read as ${decoder.kind}, which gives ${fitting}, but is "${field.type}" in schema/: change one.`,
        name,
      );
    }
  }
}

/** The leaf types of the schema that the values of a decoder fit. */
const LEAVES: Readonly<Record<FieldDecoder['kind'], readonly string[]>> = {
  string: ['String', 'ID'],
  boolean: ['Boolean'],
  integer: ['ID', 'String'],
  number: ['Float'],
  dateTime: ['DateTime'],
};

function checkDerived(check: Check, field: GraphQLField<unknown, unknown>, derived: Derived): void {
  const { entity, report } = check;
  if (derived.kind !== 'withheld') {
    for (const name of derived.reads) {
      if (entity.resource?.indexOf(name) === undefined)
        report(`reads "${name}", which is not in "fields": mend "reads".`, field.name);
    }
  }
  if (derived.kind === 'link') checkLink(check, field, derived);
  else if (derived.kind === 'withheld') checkWithheld(check, field, derived);
  else if (!isLeafType(getNamedType(field.type)) || isListType(getNullableType(field.type))) {
    report(
      `is computed, but "${field.type}" in schema/ is no single value: use link(), or a scalar.`,
      field.name,
    );
  }
}

function checkLink({ entities, report }: Check, field: GraphQLField<unknown, unknown>, link: Link): void {
  const { target, each } = link;
  if (!entities.some(({ type }) => type === target))
    report(`leads to ${target}, which is no entity: define it.`, field.name);
  if (getNamedType(field.type).name !== target) {
    report(`leads to ${target}, but is "${field.type}" in schema/: change one.`, field.name);
  }
  const isList = isListType(getNullableType(field.type));
  if (each === undefined) {
    if (isList) report('is a list in schema/: use links() with the argument that has its items.', field.name);
    return;
  }
  if (!isList) report('is no list in schema/: use link().', field.name);
  const argument = field.args.find(({ name }) => name === each);
  if (argument === undefined || !isListType(getNullableType(argument.type))) {
    report(`takes its items from the argument "${each}", which is no list in schema/: mend one.`, field.name);
  }
}

function checkWithheld(
  { entity, report }: Check,
  field: GraphQLField<unknown, unknown>,
  { argument }: Withheld,
): void {
  const type = field.args.find(({ name }) => name === argument)?.type;
  const names = type === undefined ? undefined : getNamedType(type);
  if (!isEnumType(names) || !isNonNullType(type) || String(field.type) !== 'Boolean!') {
    report(`must be "(${argument}: <enum of the fields>!): Boolean!" in schema/.`, field.name);
    return;
  }
  const values = names.getValues().map(({ name }) => name);
  const fields = entity.resource?.fields.map(({ name }) => name) ?? [];
  for (const name of fields)
    if (!values.includes(name)) report(`is not in enum ${names.name}: add it in schema/.`, name);
  for (const name of values) {
    if (!fields.includes(name))
      report(`is in enum ${names.name}, but not in "fields": add it, or remove it.`, name);
  }
}
