import {
  type GraphQLField,
  getNamedType,
  getNullableType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Derived, Entity, KeySource, Link, Withheld } from './define-entity.ts';

export type Field = GraphQLField<unknown, unknown>;

/**
 * What is wrong with a field that is neither part of the key nor a REST field, held against the schema. Each text goes
 * behind the type's name.
 */
export function* derivedProblems(
  entities: ReadonlyMap<string, Entity>,
  entity: Entity,
  field: Field,
  derived: Derived,
): Iterable<string> {
  switch (derived.kind) {
    case 'withheld':
      return yield* withheldProblems(entity, field, derived);
    case 'link':
      for (const problem of linkProblems(entities.get(derived.target), entity, field, derived)) {
        yield `.${field.name} ${problem}`;
      }
      return;
    case 'computed':
      for (const problem of readsProblems(entity, derived.reads)) yield `.${field.name} ${problem}`;
      if (!isLeafType(getNullableType(field.type))) {
        yield `.${field.name} is computed, but "${field.type}" is no single value: use link(), or a scalar.`;
      }
  }
}

function readsProblems({ resource }: Entity, reads: readonly string[]): string[] {
  const unknown = reads.filter((name) => resource?.indexOf(name) === undefined);
  return unknown.map((name) => `reads "${name}", which is not in "fields": mend one.`);
}

function* linkProblems(
  target: Entity | undefined,
  entity: Entity,
  { type, args }: Field,
  link: Link,
): Iterable<string> {
  const sources = Object.values(link.key);
  const parts = Object.keys(link.key);
  if (target === undefined) yield `leads to ${link.target}, which is no entity: define it.`;
  else if (new Set(parts).symmetricDifference(new Set(target.key)).size > 0)
    yield `gives "${parts.join(' ')}", but the key of ${target.type} is "${target.key.join(' ')}": give just that.`;
  if (getNamedType(type).name !== link.target)
    yield `leads to ${link.target}, but is "${type}" in schema/: change one.`;
  const isList = isListType(getNullableType(type));
  const lists = sources.filter(({ kind }) => kind === 'each').length;
  if (isList && lists !== 1)
    yield 'is a list in schema/: use each() once, with the argument that has its items.';
  if (!isList && lists > 0) yield 'is no list in schema/: use argument() in place of each().';
  for (const source of sources) yield* sourceProblems(entity, args, source);
  const taken = sources.map((source) => isArgument(source) && source.name);
  for (const { name } of args.filter((one) => !taken.includes(one.name)))
    yield `has the argument "${name}" in schema/, which nothing reads: remove it, or use it.`;
}

function isArgument(source: KeySource): source is Extract<KeySource, { kind: 'argument' | 'each' }> {
  return source.kind === 'argument' || source.kind === 'each';
}

function* sourceProblems(entity: Entity, args: Field['args'], source: KeySource): Iterable<string> {
  if (source.kind === 'computed') yield* readsProblems(entity, source.reads);
  else if (source.kind === 'field') {
    if (!entity.key.includes(source.name)) yield* readsProblems(entity, [source.name]);
  } else {
    const { kind, name } = source;
    const type = args.find((one) => one.name === name)?.type;
    if (type === undefined) yield `takes the argument "${name}", which is not in schema/: mend one.`;
    else if (kind === 'each' && !isListType(getNullableType(type)))
      yield `takes its items from the argument "${name}", which is no list in schema/: mend one.`;
  }
}

function* withheldProblems({ resource }: Entity, field: Field, { argument }: Withheld): Iterable<string> {
  const type = field.args.find(({ name }) => name === argument)?.type;
  const names = type === undefined ? undefined : getNamedType(type);
  if (!isEnumType(names) || !isNonNullType(type) || String(field.type) !== 'Boolean!') {
    yield `.${field.name} must be "(${argument}: <enum of the fields>!): Boolean!" in schema/.`;
    return;
  }
  const values = new Set(names.getValues().map(({ name }) => name));
  const fields = new Set(resource?.fields.map(({ name }) => name));
  for (const name of fields.symmetricDifference(values))
    yield `.${name} is in only one of "fields" and enum ${names.name}: add it to the other, or remove it.`;
}
