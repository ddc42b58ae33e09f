import { isUtf8 } from 'node:buffer';
import { type ResourceRecord, readEnvelope } from './envelope.ts';
import { BadResponseError, RateLimitedError, RejectedError, UnavailableError } from './errors.ts';
import type { Answer, Broken, Reply } from './reply.ts';
import type { FieldSet, Identifiers, Resource } from './resource.ts';
import { retryAfterSeconds } from './retry-after.ts';

/** What is known of an item after asking for it. */
export type Outcome =
  | { readonly kind: 'found'; readonly record: ResourceRecord }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: Error };

/** What one try came to, and what it means for further ones. */
export interface TryResult {
  readonly outcome: Outcome;
  /** Another try may bring more. */
  readonly transient: boolean;
  /** The REST API or the way to it is down; what the circuit breaker counts. */
  readonly outage: boolean;
  /** When the REST API wants to be asked again. */
  readonly retryAfterSeconds?: number | undefined;
}

/** What is asked for. */
export interface Question {
  readonly resource: Resource;
  readonly identifiers: Identifiers;
  readonly fields: FieldSet;
}

/** Reads a reply as the REST API's documentation and RFC 9110 mean it. Throws nothing. */
export function interpret(reply: Reply, question: Question): TryResult {
  if (reply.kind === 'broken') {
    return { outcome: failed(brokenError(reply)), transient: true, outage: !reply.malformed };
  }
  if (reply.status !== 200) return byStatus(reply.status, reply);
  try {
    const envelope = readEnvelope(bodyText(reply), question.resource, question.identifiers, question.fields);
    if ('status' in envelope) return byStatus(envelope.status, reply);
    return { outcome: { kind: 'found', record: envelope.record }, transient: false, outage: false };
  } catch (error) {
    const outcome = failed(error instanceof Error ? error : new Error(String(error)));
    return { outcome, transient: false, outage: false };
  }
}

/** The outcome of a status other than 200, be it HTTP's or the one that `meta.statusCode` of a 200 holds. */
function byStatus(meaning: number, { headers }: Answer): TryResult {
  const settled = { transient: false, outage: false };
  switch (meaning) {
    case 400:
    case 401:
    case 403:
      return { ...settled, outcome: failed(new RejectedError(meaning)) };
    case 404:
      return { ...settled, outcome: { kind: 'absent' } };
    case 429: {
      const seconds = retryAfterSeconds(single(headers['retry-after']));
      const outcome = failed(new RateLimitedError(seconds ?? 1));
      return { ...settled, outcome, transient: true, retryAfterSeconds: seconds };
    }
    default: {
      if (meaning < 500 || meaning > 599) {
        return { ...settled, outcome: failed(new BadResponseError(`its status is ${meaning}`)) };
      }
      const seconds = retryAfterSeconds(single(headers['retry-after']));
      const outcome = failed(new UnavailableError(`it answered ${meaning}`));
      return {
        ...settled,
        outcome,
        transient: RETRIED.has(meaning),
        outage: true,
        retryAfterSeconds: seconds,
      };
    }
  }
}

const RETRIED = new Set([500, 502, 503, 504]);

/** The text of a 200: JSON as RFC 8259 §8.1 has it, in UTF-8; a byte order mark in front is passed over. */
function bodyText({ headers, body }: Answer): string {
  if (body === undefined) throw new BadResponseError('it is larger than allowed');
  const encoding = single(headers['content-encoding']);
  if (encoding !== undefined && encoding !== 'identity') {
    throw new BadResponseError('it is compressed, which was not asked for');
  }
  const type = single(headers['content-type']);
  if (type !== undefined && type !== USUAL_TYPE && !JSON_TYPE.test(type))
    throw new BadResponseError('its content type is not JSON');
  if (!isUtf8(body)) throw new BadResponseError('it is not UTF-8');
  const text = body.toString();
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

const USUAL_TYPE = 'application/json; charset=utf-8';
const JSON_TYPE = /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

function brokenError({ status, malformed, error }: Broken): Error {
  if (malformed) return new BadResponseError('it is not the HTTP that was asked for', error);
  if (status !== null) return new BadResponseError('it broke off', error);
  return new UnavailableError('no connection, or it closed before the answer', error);
}

function failed(error: Error): Outcome {
  return { kind: 'failed', error };
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
