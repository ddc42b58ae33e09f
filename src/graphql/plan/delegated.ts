import type { ExecutionResult } from 'graphql';
import { type Answer, Slot } from './answer.ts';
import type { DelegatedField } from './plan.ts';

/**
 * A field as graphql-js has answered it, with its errors and those of all that is below it; undefined where it is null and
 * must not be.
 */
export function delegatedJson(
  field: DelegatedField,
  { data, errors = [] }: ExecutionResult,
  root: Slot,
  answer: Answer,
): string | undefined {
  // It is the last error that makes the whole of graphql-js's answer null.
  const nonNull = field.nonNull && !data && errors.at(-1)?.path?.[0] === field.responseName;
  for (const [order, error] of errors.entries()) {
    const [first, ...below] = error.path ?? [];
    if (first !== field.responseName) continue;
    const own = { ...field, nonNull, itemNonNull: nonNull };
    let place = new Slot(root, own);
    for (const key of below) {
      place =
        typeof key === 'number'
          ? new Slot(place, own, key)
          : new Slot(place, { ...own, responseName: key, order });
    }
    answer.fail(error, place);
  }
  if (nonNull) return undefined;
  const text = JSON.stringify(data?.[field.responseName] ?? null);
  answer.grow(text.length);
  return text;
}
