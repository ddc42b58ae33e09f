/** How one field of the REST API's JSON is read. */
export interface FieldDecoder {
  /** What a good value is. */
  readonly kind: 'string' | 'boolean' | 'integer' | 'int32' | 'number' | 'dateTime';
  /**
   * Reads one JSON value (never null or absent): gives a string, boolean or number, or `undefined` where it is of the
   * wrong type. An integer beyond 2⁵³ arrives as a bigint.
   */
  decode(value: unknown): string | boolean | number | undefined;
}

/** A JSON string. */
export function string(): FieldDecoder {
  return { kind: 'string', decode: (value) => (typeof value === 'string' ? value : undefined) };
}

/** A JSON boolean. */
export function boolean(): FieldDecoder {
  return { kind: 'boolean', decode: (value) => (typeof value === 'boolean' ? value : undefined) };
}

/** A JSON integer of any size, as its decimal digits. */
export function integer(): FieldDecoder {
  return {
    kind: 'integer',
    decode: (value) => (Number.isSafeInteger(value) || typeof value === 'bigint' ? String(value) : undefined),
  };
}

/** A JSON integer of at most 32 bits, as GraphQL's `Int` has it. */
export function int32(): FieldDecoder {
  return {
    kind: 'int32',
    decode: (value) => (typeof value === 'number' && (value | 0) === value ? value : undefined),
  };
}

/** A finite JSON number. */
export function number(): FieldDecoder {
  return {
    kind: 'number',
    decode: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  };
}

/** A moment as RFC 3339 §5.6 writes it, in UTC with milliseconds; years 0000 to 9999 once it is in UTC. */
export function dateTime(): FieldDecoder {
  return {
    kind: 'dateTime',
    decode: (value) => (typeof value === 'string' ? utcDateTime(value) : undefined),
  };
}

const RFC_3339 =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d+)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** The moment in UTC with milliseconds, digits past them cut off; undefined where the text is none. */
export function utcDateTime(text: string): string | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '', fraction = '', offset = ''] = match;
  // `Date` rolls the 30th of February over into March.
  const noon = new Date(`${date}T12:00:00Z`);
  if (Number.isNaN(noon.getTime()) || !noon.toISOString().startsWith(date)) return undefined;
  const milliseconds = fraction.slice(0, 4).padEnd(4, '0').replace(/^0/, '.');
  const moment = new Date(`${date}T${time}${milliseconds}${offset.toUpperCase()}`);
  const year = moment.getUTCFullYear();
  return year >= 0 && year <= 9999 ? moment.toISOString() : undefined;
}
