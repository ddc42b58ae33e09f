/**
 * Reads one JSON value of the REST API (never null or absent). Gives `undefined` where it is of the wrong type.
 * An integer beyond 2⁵³ arrives as a bigint.
 */
export type FieldDecoder = (value: unknown) => unknown;

/** A JSON string. */
export const stringField: FieldDecoder = (value) => (typeof value === 'string' ? value : undefined);

/** A JSON boolean. */
export const booleanField: FieldDecoder = (value) => (typeof value === 'boolean' ? value : undefined);

/** A JSON integer of any size, as its decimal digits. */
export const integerField: FieldDecoder = (value) =>
  Number.isSafeInteger(value) || typeof value === 'bigint' ? String(value) : undefined;
