import { isUtf8 } from 'node:buffer';
import { badResponse, rateLimited, rejected, UpstreamError, unavailable } from '../errors.ts';
import type { FailedFetch, FetchResult, ResourceQuery } from '../fetch.ts';
import { readEnvelope } from './envelope.ts';

/** What came of sending one GET: a response, or no whole one. */
export type Reply = HttpResponse | Broken;

/** A status, and for a 200 its whole body. */
export interface HttpResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Undefined where it was larger than the limit. */
  readonly body: Buffer | undefined;
  readonly bytes: number;
}

export type HttpHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The connection failed: before the response, or (`status` tells) in the middle of its body. */
export interface Broken {
  readonly kind: 'broken';
  readonly status: number | null;
  readonly error: Error;
  readonly bytes: number;
}

/** What one attempt came to. */
export type AttemptResult = Exclude<FetchResult, FailedFetch> | FailedAttempt;

/** A failure, and what it means for further attempts. */
export interface FailedAttempt extends FailedFetch, FailureMeaning {}

interface FailureMeaning {
  /** Another attempt may bring more. */
  readonly transient?: boolean;
  /** The REST API or the way to it is down; what the circuit breaker counts. */
  readonly outage?: boolean;
  /** When the REST API wants to be asked again. */
  readonly retryAfterSeconds?: number | undefined;
  /** For how long it wants to hear nothing of this caller. */
  readonly pauseSeconds?: number | undefined;
}

/** Reads a reply as the REST API's documentation and RFC 9110 mean it. Throws nothing. */
export function interpret(reply: Reply, query: ResourceQuery): AttemptResult {
  if (reply.kind === 'broken') {
    const malformed = isMalformed(reply);
    return failed(brokenError(reply, malformed), { transient: true, outage: !malformed });
  }
  if (reply.status !== 200) return byStatus(reply.status, reply);
  try {
    const envelope = readEnvelope(bodyText(reply), query);
    if (typeof envelope === 'number') return byStatus(envelope, reply);
    return envelope;
  } catch (error) {
    return failed(error instanceof UpstreamError ? error : badResponse('it cannot be read', error));
  }
}

/** What a status other than 200 means, be it HTTP's or the one that `meta.statusCode` of a 200 holds. */
function byStatus(status: number, { headers }: HttpResponse): AttemptResult {
  switch (status) {
    case 400:
    case 401:
    case 403:
      return failed(rejected(status));
    case 404:
      return { kind: 'absent' };
  }
  const seconds = retryAfterSeconds(single(headers['retry-after']));
  if (status === 429) {
    const error = rateLimited(seconds ?? 1);
    return failed(error, { transient: true, retryAfterSeconds: seconds, pauseSeconds: seconds });
  }
  if (status < 500 || status > 599) return failed(badResponse(`its status is ${status}`));
  const error = unavailable(`it answered ${status}`);
  return failed(error, { transient: RETRIED.has(status), outage: true, retryAfterSeconds: seconds });
}

const RETRIED = new Set([500, 502, 503, 504]);

/** The text of a 200: JSON as RFC 8259 §8.1 has it, in UTF-8; a byte order mark in front is passed over. */
function bodyText({ headers, body }: HttpResponse): string {
  if (body === undefined) throw badResponse('it is larger than allowed');
  const encoding = single(headers['content-encoding'])?.toLowerCase();
  if (encoding !== undefined && encoding !== 'identity') {
    throw badResponse('it is compressed, which was not asked for');
  }
  const type = single(headers['content-type']);
  if (type !== undefined && type !== USUAL_TYPE && !JSON_TYPE.test(type)) {
    throw badResponse('its content type is not JSON');
  }
  if (!isUtf8(body)) throw badResponse('it is not UTF-8');
  const text = body.toString();
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

const USUAL_TYPE = 'application/json; charset=utf-8';
const JSON_TYPE = /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

function brokenError({ status, error }: Broken, malformed: boolean): UpstreamError {
  if (malformed) return badResponse('it is not the HTTP that was asked for', error);
  if (status !== null) return badResponse('it broke off', error);
  return unavailable('no connection, or it closed before the answer', error);
}

/** Whether undici closed a connection for no HTTP, contradictory or endless headers, or a switch of protocols. */
function isMalformed({ error, status }: Broken): boolean {
  if (error.name === 'HTTPParserError') return true;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'UND_ERR_SOCKET') return error.message === 'bad response' || error.message === 'bad upgrade';
  // A status that came before tells that the body was cut short instead.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return status === null;
  return code === 'UND_ERR_HEADERS_OVERFLOW';
}

function failed(error: UpstreamError, meaning?: FailureMeaning): FailedAttempt {
  return { kind: 'failed', error, ...meaning };
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}

const MAX_SECONDS = 86_400;

/**
 * Reads a `Retry-After` header (RFC 9110 §10.2.3): seconds, or a date. Gives whole seconds from now, at most a day;
 * `undefined` where there is none, or one that makes no sense.
 */
export function retryAfterSeconds(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const value = header.trim();
  if (/^\d+$/.test(value)) return Math.min(Number(value), MAX_SECONDS);
  if (!IMF_FIXDATE.test(value)) return undefined;
  const date = Date.parse(value);
  if (Number.isNaN(date)) return undefined;
  return Math.min(Math.max(0, Math.ceil((date - now) / 1000)), MAX_SECONDS);
}

/** `Date.parse` alone takes nearly anything for a date, `-5` among it. */
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
