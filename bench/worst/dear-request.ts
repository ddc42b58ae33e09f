/** A request that costs the server as much as its kind can. */
export interface DearRequest {
  readonly name: string;
  /** The body as JSON. */
  body(variant: Variant): string;
  /** The largest `size` to try; the largest that is answered counts. Unset where the size does not vary. */
  readonly maxSize?: number;
  /** Refused for what its variables hold, each time anew; its document passes all limits. */
  readonly isRefused?: boolean;
}

/** Which one of many alike. */
export interface Variant {
  /** Another document for each. */
  readonly text: number;
  /** Other variables for each, where those are what is dear. */
  readonly turn: number;
  readonly size: number;
}

/** What `make` makes of 0, 1, 2 … `count` - 1, one after the other. */
export function times(count: number, make: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => make(i)).join(' ');
}

/** An object with a property for each of 0, 1, 2 … `count` - 1. */
export function numbered<T>(prefix: string, count: number, value: (i: number) => T): Record<string, T> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, value(i)]));
}

export const restFields: readonly string[] = [
  ...['_id', 'id', 'avatar', 'displayName', 'username'],
  ...['firstName', 'lastName', 'email', 'isOnline', 'lastLogin'],
];
