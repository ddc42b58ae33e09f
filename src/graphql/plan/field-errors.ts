import type { FieldError, Slot } from './slot.ts';

/** As GraphQL writes the path of a place: the outermost key first. */
export function pathKeys(place: Slot): (string | number)[] {
  return pathOf(place, ({ index }, { responseName }) => (index === -1 ? responseName : index));
}

/** What an error takes in the answer beside its message and path, about: locations, code, id. */
const ERROR_SIZE = 200;

/** What an error takes in the answer, about. The keys of a path may be as long as a document, and stand in each error. */
export function errorSize({ error, place }: FieldError): number {
  const keys = pathKeys(place);
  return keys.reduce<number>((size, key) => size + String(key).length + 3, ERROR_SIZE + error.message.length);
}

/**
 * Puts errors into the order of the answer. They come up in the order in which the REST API answers, which is another one
 * each time.
 */
export function inOrderOfAnswer(errors: Iterable<FieldError>): FieldError[] {
  const all = [...errors];
  if (all.length < 2) return all;
  const ordered = all.map((error) => ({ error, orders: ordersOf(error.place) }));
  return ordered.sort((one, other) => compare(one.orders, other.orders)).map(({ error }) => error);
}

function ordersOf(place: Slot): number[] {
  return pathOf(place, ({ index }, { order }) => (index === -1 ? order : index));
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (let depth = 0; depth < one.length && depth < other.length; depth++) {
    const difference = (one[depth] ?? 0) - (other[depth] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function pathOf<Key>(place: Slot, keyOf: (place: Slot, field: NonNullable<Slot['field']>) => Key): Key[] {
  const keys: Key[] = [];
  for (let at: Slot | undefined = place; at?.field !== undefined; at = at.above)
    keys.unshift(keyOf(at, at.field));
  return keys;
}
