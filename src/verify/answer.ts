import { unzipSync } from 'node:zlib';
import { UpstreamError } from '#upstream/errors.ts';
import type { ResourceQuery } from '#upstream/fetch.ts';
import { isJsonObject, type JsonObject } from '#upstream/protocol/json-object.ts';
import { interpret, type Reply } from '#upstream/protocol/reply.ts';

/** What the REST API answered to one GET, and what the layer makes of it. No value of a user is in the texts. */
export interface Answer extends Delivery {
  /** In a few words, such as `200` or `200 with 404 in meta`. */
  readonly seen: string;
  /** What a client of the layer gets. */
  readonly layer: string;
  /** Undefined where no whole answer came, or none in time. */
  readonly status?: number;
  /** Without parameters, and fit for a table. */
  readonly mediaType?: string;
  readonly isCompressed?: boolean;
  /** The body of a 200, whatever its media type, plain, gzip or deflate; undefined where it is no JSON object. */
  readonly body?: JsonObject | undefined;
  /** Its `data`. */
  readonly data?: JsonObject | undefined;
}

/** How an answer came. */
export interface Delivery {
  readonly durationMs: number;
  /** Whether an earlier GET's connection served for this one. */
  readonly isReused: boolean;
}

export const ABSENT = 'null, without an error';

export const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/i;

/** Reads what came of a query as far as it can be read, and as the layer does. Without a reply nothing came in time. */
export function readAnswer(reply: Reply | undefined, query: ResourceQuery, delivery: Delivery): Answer {
  if (reply === undefined) return { ...delivery, seen: 'no answer in time', layer: 'UPSTREAM_TIMEOUT' };
  const layer = layerAnswer(reply, query);
  if (reply.kind === 'broken') return { ...delivery, seen: reasonOf(reply.error), layer };

  const { status, headers } = reply;
  const mediaType = readMediaType(headers['content-type']);
  const isCompressed = (headers['content-encoding'] ?? 'identity') !== 'identity';
  const body = parseBody(reply.body, isCompressed);
  const data = isJsonObject(body?.data) ? body.data : undefined;
  const flaw = reply.body === undefined ? 'a body over the limit' : flawOf(body, mediaType);
  const seen = status !== 200 || flaw === undefined ? `${status}` : `200 with ${flaw}`;
  return { ...delivery, seen, layer, status, mediaType, isCompressed, body, data };
}

/** The status that `meta` holds. */
export function metaStatus(body: JsonObject): number | undefined {
  const status = isJsonObject(body.meta) ? body.meta.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

function layerAnswer(reply: Reply, query: ResourceQuery): string {
  const result = interpret(reply, query);
  if (result.kind === 'failed') return result.error.code;
  if (result.kind === 'absent') return ABSENT;
  const { present, values } = result;
  const notes = query.resource.fields.flatMap(({ name }, index) => {
    const value = values[index];
    if (value instanceof UpstreamError) return `${name}: ${value.code}`;
    return query.fields.has(index) && !present.has(index) ? `${name}: null, and isWithheld is true` : [];
  });
  return notes.join('; ') || 'none: all selected fields as they came';
}

/** The message may hold words of the REST API. */
function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** The header is the REST API's text, and may be anything. */
function readMediaType(type: string | string[] | undefined): string {
  if (type === undefined) return 'no content type';
  return /^[\w.+-]{1,40}\/[\w.+-]{1,40}(?=\s*(?:;|$))/.exec(String(type))?.[0] ?? 'an odd media type';
}

function flawOf(body: JsonObject | undefined, mediaType: string): string | undefined {
  if (body === undefined) return JSON_TYPE.test(mediaType) ? 'broken JSON' : mediaType;
  const status = metaStatus(body) ?? 200;
  if (status !== 200) return `${status} in meta`;
  return isJsonObject(body.data) ? undefined : 'no data';
}

function parseBody(body: Buffer | undefined, isCompressed: boolean): JsonObject | undefined {
  try {
    const bytes = body && isCompressed ? unzipSync(body) : body;
    const value = JSON.parse(new TextDecoder().decode(bytes), exactInteger);
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
