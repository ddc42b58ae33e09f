import { type GraphQLOutputType, getNamedType, isLeafType } from 'graphql';
import { badResponse } from '#upstream/errors.ts';
import type { FieldMask } from '#upstream/field-mask.ts';
import type { Computed, Entity, Values } from '../entities/define-entity.ts';
import { type Source, valuesOf } from './keys.ts';
import type { ComputedField, KeyField, RestField, Selection, WithheldField } from './plan.ts';

/**
 * The JSON of a field that leads to no other object.
 * @throws UpstreamError where the REST API gave a value of the wrong type
 * @throws GraphQLError where an argument is null and must not be
 */
export function leafJson(
  field: KeyField | RestField | WithheldField | ComputedField,
  entity: Entity,
  source: Source,
  variables: Values,
): string {
  const { key, item } = source;
  switch (field.kind) {
    case 'key':
      return JSON.stringify(key[field.index]);
    case 'rest': {
      const value = item?.values[field.index];
      if (value instanceof Error) throw value;
      return value === undefined ? 'null' : JSON.stringify(value);
    }
    case 'withheld': {
      const name = String(field.arguments.value(field.argument, variables));
      return String(item?.isWithheld(entity.resource?.indexOf(name) ?? -1));
    }
    case 'computed': {
      const value = computedValue(entity, source, field.computed, field.type);
      if (value === null && field.nonNull) throw badResponse(`"${field.name}" must not be null`);
      return JSON.stringify(value);
    }
  }
}

/**
 * The value of a computed field of this type, as the answer has it.
 * @throws UpstreamError where a field that it reads has the wrong type
 * @throws TypeError where it is of another type itself
 */
function computedValue(
  entity: Entity,
  source: Source,
  { reads, compute }: Computed,
  type: GraphQLOutputType,
): unknown {
  const value = compute(valuesOf(entity, source, reads)) ?? null;
  const leaf = getNamedType(type);
  if (value === null || !isLeafType(leaf)) return value;
  try {
    return leaf.serialize(value);
  } catch (cause) {
    throw new TypeError(`A computed field of ${entity.type} has a value that is no ${leaf.name}`, { cause });
  }
}

/** The REST fields that a selection reads under these variables. */
export function readsOf(selection: Selection, variables: Values): FieldMask {
  let { reads } = selection;
  for (const field of selection.variableReads) {
    const name = withheldFieldName(field, variables);
    if (name !== undefined) reads = reads.union(selection.entity.resource?.mask([name]) ?? reads);
  }
  return reads;
}

/** The REST field that `isWithheld` asks about; undefined where that is an error, of which the execution tells. */
function withheldFieldName(field: WithheldField, variables: Values): string | undefined {
  try {
    return String(field.arguments.value(field.argument, variables));
  } catch {
    return undefined;
  }
}
