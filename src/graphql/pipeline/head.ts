import Negotiator from 'negotiator';
import { MEDIA_TYPES, type MediaType, RequestError } from './reply.ts';

/** What is known of a request before its body is read. */
export interface RequestHead {
  readonly method: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The query of the URL with its question mark, or empty. */
  readonly search: string;
  readonly requestId: string;
}

/**
 * Decides whether a GET or POST is looked at, and with which media type it is answered.
 * @throws RequestError: 406, 415, or 400 for what a page of another site may have sent
 */
export function checkHead({ method, headers }: RequestHead): MediaType {
  const mediaType = mediaTypeFor(text(headers.accept));
  if (mediaType === undefined) {
    throw new RequestError(
      406,
      'Accept application/json or application/graphql-response+json: nothing else is answered.',
    );
  }
  if (method === 'POST' && !isJson(text(headers['content-type']))) {
    throw new RequestError(415, 'Send the operation as application/json.');
  }
  if (method === 'GET' && !GUARDS.some((name) => headers[name]) && isSimple(text(headers['content-type']))) {
    throw new RequestError(
      400,
      `Send one of these headers with a GET, so that it can't be a form or an image of another site: ${GUARDS.join(', ')}.`,
    );
  }
  return mediaType;
}

/** The `Authorization` header as it came, if it is exactly one well-formed Bearer token of bearable length. */
export function bearerAuthorization(authorization: string | string[] | undefined): string | undefined {
  if (typeof authorization !== 'string' || authorization.length > MAX_TOKEN_LENGTH) return undefined;
  return BEARER.test(authorization) ? authorization : undefined;
}

/** RFC 6750 §2.1. Two `Authorization` headers arrive joined by a comma, which it does not have. */
const BEARER = /^Bearer [A-Za-z0-9._~+/-]+=*$/i;
const MAX_TOKEN_LENGTH = 4096;

/** A page of another site can't send them unless it was asked in a preflight. */
const GUARDS = ['authorization', 'apollo-require-preflight', 'x-apollo-operation-name'];

/** `Accept` headers are few; whoever sends others each time waits for them to be read. */
const MAX_KNOWN_ACCEPTS = 100;
const known = new Map<string, MediaType | undefined>();

function mediaTypeFor(accept: string | undefined): MediaType | undefined {
  if (accept === undefined) return MEDIA_TYPES[0];
  if (known.has(accept)) return known.get(accept);
  const [chosen] = new Negotiator({ headers: { accept } }).mediaTypes([...MEDIA_TYPES]);
  const mediaType = MEDIA_TYPES.find((type) => type === chosen);
  if (known.size >= MAX_KNOWN_ACCEPTS) known.clear();
  known.set(accept, mediaType);
  return mediaType;
}

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

function isJson(contentType: string | undefined): boolean {
  return contentType === 'application/json' || (contentType !== undefined && JSON_TYPE.test(contentType));
}

/** Whether a page of another site may send this without a preflight (Fetch standard, "CORS-safelisted request-header"). */
function isSimple(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  const essence = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return ['', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'].includes(essence);
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
