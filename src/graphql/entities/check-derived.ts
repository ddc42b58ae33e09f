import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Derived, Entity, Link, Withheld } from './define-entity.ts';

/** An entity and what it is held against. */
export interface Check {
  readonly schema: GraphQLSchema;
  readonly entities: readonly Entity[];
  readonly entity: Entity;
  readonly type: GraphQLObjectType;
  readonly report: (message: string, field?: string) => void;
}

export type Field = GraphQLField<unknown, unknown>;

/** Holds a field that is neither part of the key nor a REST field against the schema. */
export function checkDerived(check: Check, field: Field, derived: Derived): void {
  const { entity, report } = check;
  const reads = derived.kind === 'withheld' ? [] : derived.reads;
  for (const name of reads) {
    if (entity.resource?.indexOf(name) === undefined)
      report(`reads "${name}", which is not in "fields": mend "reads".`, field.name);
  }
  if (derived.kind === 'withheld') checkWithheld(check, field, derived);
  else if (derived.kind === 'link') checkLink(check, field, derived);
  else if (!isLeafType(getNullableType(field.type)))
    report(`is computed, but "${field.type}" is no single value: use link(), or a scalar.`, field.name);
}

function checkLink({ entities, entity, report }: Check, field: Field, link: Link): void {
  const { name, type } = field;
  const { each } = link;
  const target = entities.find((other) => other.type === link.target);
  if (target === undefined) report(`leads to ${link.target}, which is no entity: define it.`, name);
  else {
    const missing = missingKey(target, entity, field, link);
    if (missing !== undefined)
      report(`gives no "${missing}", which is in the key of ${target.type}: add it.`, name);
  }
  if (getNamedType(type).name !== link.target)
    report(`leads to ${link.target}, but is "${type}" in schema/: change one.`, name);
  const isList = isListType(getNullableType(type));
  if (isList && each === undefined)
    report('is a list in schema/: use links() with the argument that has its items.', name);
  else if (!isList && each !== undefined) report('is no list in schema/: use link().', name);
  const argument = field.args.find((one) => one.name === each)?.type;
  if (each !== undefined && !isListType(argument && getNullableType(argument)))
    report(`takes its items from the argument "${each}", which is no list in schema/: mend one.`, name);
}

/** A part of the target's key that a link never gives, told by what it makes of names in place of values. */
function missingKey(target: Entity, entity: Entity, field: Field, link: Link): string | undefined {
  const source = Object.fromEntries([...entity.key, ...link.reads].map((name) => [name, name]));
  const args = Object.fromEntries(field.args.map(({ name, type }) => [name, exampleOf(type, name)]));
  try {
    const key = link.key(source, args, link.each && args[link.each]);
    return target.key.find((name) => key[name] === undefined);
  } catch {
    // It takes values of a certain form: nothing can be said without one.
    return undefined;
  }
}

function exampleOf(type: GraphQLInputType, name: string): unknown {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return name;
  return Object.fromEntries(Object.keys(named.getFields()).map((field) => [field, field]));
}

function checkWithheld({ entity, report }: Check, field: Field, { argument }: Withheld): void {
  const type = field.args.find(({ name }) => name === argument)?.type;
  const names = type === undefined ? undefined : getNamedType(type);
  if (!isEnumType(names) || !isNonNullType(type) || String(field.type) !== 'Boolean!') {
    report(`must be "(${argument}: <enum of the fields>!): Boolean!" in schema/.`, field.name);
    return;
  }
  const values = new Set(names.getValues().map(({ name }) => name));
  const fields = new Set(entity.resource?.fields.map(({ name }) => name));
  for (const name of fields.difference(values)) report(`is not in enum ${names.name}: add it there.`, name);
  for (const name of values.difference(fields))
    report(`is in enum ${names.name}, but not in "fields": add it, or remove it.`, name);
}
