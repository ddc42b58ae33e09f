import { badResponse } from '#upstream/errors.ts';
import type { Entity, Values } from '../entities/define-entity.ts';
import { computedValue, type Source } from './keys.ts';
import type { ComputedField, KeyField, RestField, WithheldField } from './plan.ts';

/**
 * The JSON of a field that leads to no other object.
 * @throws UpstreamError where the REST API gave a value of the wrong type
 * @throws GraphQLError where an argument is null and must not be
 */
export function leafJson(
  field: KeyField | RestField | WithheldField | ComputedField,
  entity: Entity,
  { key, item }: Source,
  variables: Values,
): string {
  switch (field.kind) {
    case 'key':
      return JSON.stringify(key[field.index]);
    case 'rest': {
      const value = item?.values[field.index];
      if (value instanceof Error) throw value;
      return value === undefined ? 'null' : JSON.stringify(value);
    }
    case 'withheld': {
      const name = String(field.arguments.read(variables)[field.argument]);
      return String(item?.isWithheld(entity.resource?.indexOf(name) ?? -1));
    }
    case 'computed': {
      const value = computedValue(entity, { key, item }, field.computed, field.type);
      if (value === null && field.nonNull) throw badResponse(`"${field.name}" must not be null`);
      return JSON.stringify(value);
    }
  }
}
