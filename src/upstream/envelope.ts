import { BadResponseError, FieldTypeError } from './errors.ts';
import { isJsonObject } from './protocol/json-object.ts';
import type { FieldSet, Identifiers, Resource } from './resource.ts';

/** The fields that one answer brought. */
export interface ResourceRecord {
  /** The fields that are there, be they null or of the wrong type; the others were withheld. */
  readonly present: FieldSet;
  /** By field: the decoded value, null, or a `FieldTypeError` that stands for that field alone. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What the body of a 200 says: the record, or another status, which `meta.statusCode` may hold. */
export type Envelope = { readonly record: ResourceRecord } | { readonly status: number };

/**
 * Reads the body of a 200: `{ "meta": { "statusCode": 200 }, "data": { … } }`. Takes only the fields asked for, one by
 * one, so that nothing else in the answer (more fields, `__proto__`) gets anywhere.
 * @throws BadResponseError where it is not JSON, has no `data` object, or is another item than the one asked for
 */
export function readEnvelope(
  text: string,
  resource: Resource,
  identifiers: Identifiers,
  fields: FieldSet,
): Envelope {
  const body = parse(text);
  if (!isJsonObject(body)) throw new BadResponseError('it is not a JSON object');
  const status = isJsonObject(body.meta) ? body.meta.statusCode : undefined;
  if (typeof status === 'number' && status !== 200) return { status };
  const { data } = body;
  if (!isJsonObject(data)) throw new BadResponseError('it has no "data" object');
  if (!resource.isAnswerTo(identifiers, data)) throw new BadResponseError('it is about somebody else');
  return { record: readFields(data, resource, fields) };
}

function readFields(
  data: Readonly<Record<string, unknown>>,
  resource: Resource,
  asked: FieldSet,
): ResourceRecord {
  const values: Record<string, unknown> = {};
  let present = 0;
  for (let index = 0; index < resource.fields.length; index++) {
    const field = resource.fields[index];
    const decode = resource.decoders[index];
    if ((asked & (1 << index)) === 0 || field === undefined || decode === undefined) continue;
    const value = data[field];
    if (value === undefined) continue;
    present |= 1 << index;
    values[field] = value === null ? null : (decode(value) ?? new FieldTypeError(field));
  }
  return { present, values };
}

/** `JSON.parse`, which would round integers beyond 2⁵³: where digits enough for one are there, they become bigints. */
function parse(text: string): unknown {
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
  } catch {
    // Without the cause, for it quotes the text, which may repeat the caller's token and would end up in the log.
    throw new BadResponseError('it is not JSON');
  }
}

/** A number stands behind a colon; the digits of an id or an address inside of a string do not count. */
const LONG_NUMBER = /:\s*-?\d{16}/;

function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  const unsafe = typeof value === 'number' && !Number.isSafeInteger(value);
  return unsafe && source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
}
