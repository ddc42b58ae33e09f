import { unzipSync } from 'node:zlib';
import type { ResourceQuery } from '#upstream/fetch.ts';
import { isJsonObject, type JsonObject } from '#upstream/protocol/json-object.ts';
import { type HttpResponse, interpret } from '#upstream/protocol/reply.ts';
import type { RawAnswer } from './raw-client.ts';

/** What the REST API answered to one GET, and what the layer makes of it. */
export interface Answer {
  readonly raw: RawAnswer;
  /** In a few words, such as `200` or `200 with 404 in meta`. No value of the answer is in them. */
  readonly seen: string;
  /** What a client of the layer gets: an error's code, or a few words. */
  readonly layer: string;
  /** The body of a 200, whatever its media type, plain, gzip or deflate; undefined where it is no JSON object. */
  readonly body?: JsonObject | undefined;
  /** Its `data`. */
  readonly data?: JsonObject | undefined;
}

export const ABSENT = 'null, without an error';

/** Reads an answer to a query as far as it can be read, and as the layer does. */
export function readAnswer(raw: RawAnswer, query: ResourceQuery): Answer {
  if (raw.kind === 'failure') return { raw, seen: raw.reason, layer: raw.code };
  const { status } = raw;
  if (status !== 200) return { raw, seen: `${status}`, layer: layerAnswer(raw, query, `status ${status}`) };
  const body = parseBody(raw);
  const flaw = flawOf(raw, body);
  const seen = flaw === undefined ? '200' : `200${flaw.startsWith('with') ? '' : ','} ${flaw}`;
  const data = isJsonObject(body?.data) ? body.data : undefined;
  return { raw, seen, layer: layerAnswer(raw, query, refusedForm(raw) ?? flaw), body, data };
}

/** The status that `meta` holds. */
export function metaStatus(body: JsonObject | undefined): number | undefined {
  const status = isJsonObject(body?.meta) ? body.meta.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

export const isCompressed = ({ headers }: HttpResponse): boolean =>
  (headers['content-encoding'] ?? 'identity') !== 'identity';

/** The media type alone, fit for a table; it is the REST API's text, and may be anything. */
export function mediaType({ headers }: HttpResponse): string {
  const type = headers['content-type'];
  if (type === undefined) return 'no content type';
  return /^[\w.+-]{1,40}\/[\w.+-]{1,40}(?=\s*(?:;|$))/.exec(String(type))?.[0] ?? 'an odd media type';
}

export const isJsonType = (reply: HttpResponse): boolean =>
  /^application\/(?:[\w.+-]+\+)?json$/i.test(mediaType(reply));

function layerAnswer(reply: HttpResponse, query: ResourceQuery, flaw: string | undefined): string {
  const result = interpret(reply, query);
  if (result.kind === 'found') return 'a user, with what "data" holds';
  if (result.kind === 'absent') return ABSENT;
  const { code, message } = result.error;
  return code === 'UPSTREAM_BAD_RESPONSE' ? `${code} (${flaw ?? message})` : code;
}

/** What the layer refuses a 200 for, but for its content. */
function refusedForm(reply: HttpResponse): string | undefined {
  if (isCompressed(reply)) return 'compressed';
  return reply.headers['content-type'] === undefined || isJsonType(reply) ? undefined : mediaType(reply);
}

/** What is wrong with the content of a 200. */
function flawOf(reply: HttpResponse, body: JsonObject | undefined): string | undefined {
  if (reply.body === undefined) return 'too large';
  if (body === undefined) return isJsonType(reply) ? 'broken JSON' : mediaType(reply);
  const status = metaStatus(body) ?? 200;
  if (status !== 200) return `with ${status} in meta`;
  return isJsonObject(body.data) ? undefined : 'without data';
}

/** Integers beyond 2⁵³ come as bigints, as the layer's decoders take them. */
function parseBody(reply: HttpResponse): JsonObject | undefined {
  const { body } = reply;
  if (body === undefined) return undefined;
  try {
    const text = new TextDecoder().decode(isCompressed(reply) ? unzipSync(body) : body);
    const value = JSON.parse(text, (_key, one: unknown, { source = '' }: { source?: string } = {}) => {
      const isRounded = typeof one === 'number' && !Number.isSafeInteger(one) && /^-?\d+$/.test(source);
      return isRounded ? BigInt(source) : one;
    });
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
