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
} from 'graphql';
import type { Derived, Entity, KeySource, Link, Withheld } from './define-entity.ts';

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
  if (derived.kind === 'withheld') checkWithheld(check, field, derived);
  else if (derived.kind === 'link') checkLink(check, field, derived);
  else {
    checkReads(check, field, derived.reads);
    if (!isLeafType(getNullableType(field.type)))
      check.report(
        `is computed, but "${field.type}" is no single value: use link(), or a scalar.`,
        field.name,
      );
  }
}

function checkReads({ entity, report }: Check, { name: field }: Field, reads: readonly string[]): void {
  for (const name of reads) {
    if (entity.resource?.indexOf(name) === undefined)
      report(`reads "${name}", which is not in "fields": mend one.`, field);
  }
}

function checkLink(check: Check, field: Field, link: Link): void {
  const { entities, report } = check;
  const { name, type } = field;
  const target = entities.find((other) => other.type === link.target);
  if (target === undefined) report(`leads to ${link.target}, which is no entity: define it.`, name);
  else {
    const parts = Object.keys(link.key);
    for (const part of target.key.filter((one) => !parts.includes(one)))
      report(`gives no "${part}", which is in the key of ${target.type}: add it.`, name);
    for (const part of parts.filter((one) => !target.key.includes(one)))
      report(`gives "${part}", which is not in the key of ${target.type}: remove it.`, name);
  }
  if (getNamedType(type).name !== link.target)
    report(`leads to ${link.target}, but is "${type}" in schema/: change one.`, name);
  const isList = isListType(getNullableType(type));
  const lists = Object.values(link.key).filter(({ kind }) => kind === 'each');
  if (isList && lists.length !== 1)
    report('is a list in schema/: use each() once, with the argument that has its items.', name);
  else if (!isList && lists.length > 0)
    report('is no list in schema/: use argument() in place of each().', name);
  const sources = Object.values(link.key);
  for (const source of sources) checkSource(check, field, source);
  const isTaken = (argument: string) =>
    sources.some((one) => (one.kind === 'argument' || one.kind === 'each') && one.name === argument);
  for (const argument of field.args.filter((one) => !isTaken(one.name)))
    report(
      `has the argument "${argument.name}" in schema/, which nothing reads: remove it, or use it.`,
      name,
    );
}

function checkSource(check: Check, field: Field, source: KeySource): void {
  const { entity, report } = check;
  if (source.kind === 'computed') {
    checkReads(check, field, source.reads);
    return;
  }
  const { kind, name } = source;
  if (kind === 'field') {
    if (!entity.key.includes(name)) checkReads(check, field, [name]);
    return;
  }
  const type = field.args.find((one) => one.name === name)?.type;
  if (type === undefined)
    report(`takes the argument "${name}", which is not in schema/: mend one.`, field.name);
  else if (kind === 'each' && !isListType(getNullableType(type)))
    report(`takes its items from the argument "${name}", which is no list in schema/: mend one.`, field.name);
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
