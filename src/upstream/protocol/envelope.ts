import { badResponse, wrongFieldType } from '../errors.ts';
import type { FoundItem, ResourceQuery } from '../fetch.ts';
import { FieldMask } from '../field-mask.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { numberSource } from './number-source.ts';

/**
 * Reads the body of a 200: `{ "meta": { "statusCode": 200 }, "data": { … } }`. Takes only the fields asked for, one by
 * one, so that nothing else in the answer (more fields, `__proto__`) gets anywhere. Gives a number where `meta.statusCode`
 * says another status.
 * @throws UpstreamError where it is not JSON, has no `data` object, or is another item than the one asked for
 */
export function readEnvelope(text: string, query: ResourceQuery): FoundItem | number {
  const body = parse(text);
  if (!isJsonObject(body)) throw badResponse('it is not a JSON object');
  const status = isJsonObject(body.meta) ? body.meta.statusCode : undefined;
  if (typeof status === 'number' && status !== 200) return status;
  const { data } = body;
  if (!isJsonObject(data)) throw badResponse('it has no "data" object');
  if (!query.resource.matchesIdentity(query.key, data)) throw badResponse('it is about another item');
  return readFields(data, text, query);
}

function readFields(data: JsonObject, text: string, { resource, fields: asked }: ResourceQuery): FoundItem {
  const values: unknown[] = [];
  let withheld: number[] | undefined;
  for (let index = 0; index < resource.fields.length; index++) {
    const field = resource.fields[index];
    let value: unknown;
    if (field !== undefined && asked.has(index)) {
      value = Object.hasOwn(data, field.name) ? data[field.name] : undefined;
      if (value === undefined) {
        withheld ??= [];
        withheld.push(index);
      } else if (value !== null) {
        const exact = field.decoder.kind === 'integer' ? exactInteger(value, text, field.name) : value;
        value = field.decoder.decode(exact) ?? wrongFieldType(field.name);
      }
    }
    values.push(value);
  }
  const present = withheld === undefined ? asked : asked.without(FieldMask.of(withheld));
  return { kind: 'found', present, values };
}

/** An integer that `JSON.parse` may have rounded, as the bigint that its digits say; anything else as it is. */
function exactInteger(value: unknown, text: string, field: string): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = numberSource(text, 'data', field);
  return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without the cause, for it quotes the text, which may repeat the caller's token and would end up in the log.
    throw badResponse('it is not JSON');
  }
}
