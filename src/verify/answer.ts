import { unzipSync } from 'node:zlib';
import type { ResourceQuery } from '#upstream/fetch.ts';
import { isJsonObject, type JsonObject } from '#upstream/protocol/json-object.ts';
import { type HttpResponse, interpret, type Reply } from '#upstream/protocol/reply.ts';

/** What came of one GET. */
export interface Outcome {
  /** Undefined where there was none in time. */
  readonly reply: Reply | undefined;
  readonly durationMs: number;
  /** Whether an earlier GET's connection served for this one. */
  readonly isReused: boolean;
}

/** What the REST API answered to one GET, and what the layer makes of it. */
export interface Answer extends Outcome {
  /** In a few words, such as `200` or `200 with 404 in meta`. No value of the answer is in them. */
  readonly seen: string;
  /** What a client of the layer gets: an error's code, or a few words. */
  readonly layer: string;
  /** The body of a 200, whatever its media type, plain, gzip or deflate; undefined where it is no JSON object. */
  readonly body: JsonObject | undefined;
  /** Its `data`. */
  readonly data: JsonObject | undefined;
}

/** An answer that came whole. */
export type Replied = Answer & { readonly reply: HttpResponse };

export const isReplied = (answer: Answer): answer is Replied => answer.reply?.kind === 'response';

export const ABSENT = 'null, without an error';

/** Reads what came of a query as far as it can be read, and as the layer does. */
export function readAnswer(outcome: Outcome, query: ResourceQuery): Answer {
  const { reply } = outcome;
  const body = parseBody(reply);
  const data = isJsonObject(body?.data) ? body.data : undefined;
  return { ...outcome, seen: seenIn(reply, body), layer: layerAnswer(reply, query), body, data };
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

function layerAnswer(reply: Reply | undefined, query: ResourceQuery): string {
  if (reply === undefined) return 'UPSTREAM_TIMEOUT';
  const { result } = interpret(reply, query);
  if (result.kind === 'failed') return result.error.code;
  return result.kind === 'absent' ? ABSENT : 'a user, with what "data" holds';
}

function seenIn(reply: Reply | undefined, body: JsonObject | undefined): string {
  if (reply === undefined) return 'no answer in time';
  if (reply.kind === 'broken') return reasonOf(reply.error);
  if (reply.status !== 200) return `${reply.status}`;
  if (reply.body === undefined) return '200 with a body over the limit';
  if (body === undefined) return `200 with ${isJsonType(reply) ? 'broken JSON' : mediaType(reply)}`;
  const status = metaStatus(body) ?? 200;
  if (status !== 200) return `200 with ${status} in meta`;
  return isJsonObject(body.data) ? '200' : '200 with no data';
}

/** The message may hold words of the REST API. */
function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function parseBody(reply: Reply | undefined): JsonObject | undefined {
  if (reply?.kind !== 'response' || reply.body === undefined) return undefined;
  try {
    const text = new TextDecoder().decode(isCompressed(reply) ? unzipSync(reply.body) : reply.body);
    const value = JSON.parse(text, exactInteger);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Integers beyond 2⁵³ come as bigints, as the layer's decoders take them. */
function exactInteger(_key: string, value: unknown, { source = '' }: { source?: string } = {}): unknown {
  const isRounded = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source);
  return isRounded ? BigInt(source) : value;
}
