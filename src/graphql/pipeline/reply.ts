import type { GraphQLFormattedError } from 'graphql';
import { describeError } from '../errors.ts';
import { locationsOf, locationsOfError } from '../locations.ts';
import type { RefusedOperation } from '../operations/operations.ts';
import { type FieldError, pathKeys } from '../plan/answer.ts';

/** An HTTP response, but for the headers that all of ours have. */
export interface Reply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The media types of an answer. With the older one the status is 200 for every well-formed request. */
export const MEDIA_TYPES = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** What an execution came to. */
export interface Result {
  /** JSON. */
  readonly data: string;
  readonly errors: readonly GraphQLFormattedError[];
  readonly extensions?: object | undefined;
}

/** The response to an operation that was executed: status 200, whatever became of its fields. */
export function executed({ data, errors, extensions }: Result, mediaType: MediaType): Reply {
  const before = errors.length === 0 ? '' : `"errors":${JSON.stringify(errors)},`;
  const after = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
  return { status: 200, headers: HEADERS[mediaType], body: `{${before}"data":${data}${after}}\n` };
}

/**
 * The response to an operation that was not executed. The older media type has status 200 for a well-formed request that
 * GraphQL refuses, since its clients can't tell a GraphQL response from what a proxy made up (GraphQL over HTTP,
 * "application/json"); limits are ours, not GraphQL's.
 */
export function refused(
  { errors, isOverLimit }: Pick<RefusedOperation, 'errors' | 'isOverLimit'>,
  requestId: string,
  mediaType: MediaType,
): Reply {
  const status = isOverLimit || mediaType !== MEDIA_TYPES[0] ? 400 : 200;
  const body = `${JSON.stringify({ errors: errors.map((error) => withRequestId(error, requestId)) })}\n`;
  return { status, headers: HEADERS[mediaType], body };
}

const HEADERS: Readonly<Record<MediaType, Reply['headers']>> = {
  [MEDIA_TYPES[0]]: { 'content-type': MEDIA_TYPES[0] },
  [MEDIA_TYPES[1]]: { 'content-type': MEDIA_TYPES[1] },
};

/** Puts the request's id into an error, so that whoever reports the error gives the id to look up in the logs. */
export function withRequestId(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, requestId } };
}

/** An error of a field as a client sees it. */
export function formatFieldError({ error, place }: FieldError, requestId: string): GraphQLFormattedError {
  const { message, extensions } = describeError(error);
  const locations = locationsOfError(error) ?? locationsOf(place.field?.nodes ?? []);
  return { message, locations, path: pathKeys(place), extensions: { ...extensions, requestId } };
}

/** Codes of requests that are refused before their document is looked at. */
export type RequestErrorCode =
  | 'BAD_REQUEST'
  | 'NOT_FOUND'
  | 'OVERLOADED'
  | 'PERSISTED_DOCUMENT_REQUIRED'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'RESPONSE_TOO_LARGE'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'INTERNAL_SERVER_ERROR';

export interface RequestErrorOptions {
  readonly code?: RequestErrorCode;
  /** Whether the same request may work later. */
  readonly retryable?: boolean;
  /** Headers of the response, by lower-case name: `allow`, `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request is refused, with this HTTP status; the message is for the caller. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  readonly code: RequestErrorCode;
  readonly retryable: boolean;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    { code = 'BAD_REQUEST', retryable = false, headers = {} }: RequestErrorOptions = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryable = retryable;
    this.headers = headers;
  }
}

/** The response that says why a request is refused, in the form of a GraphQL response. */
export function refusal(error: RequestError, requestId: string, accept: string | undefined): Reply {
  const { status, message, code, retryable } = error;
  const body = JSON.stringify({ errors: [{ message, extensions: { code, retryable, requestId } }] });
  return { status, headers: { ...error.headers, 'content-type': errorMediaType(accept) }, body };
}

/**
 * Clients that know `application/graphql-response+json` take only that for a GraphQL response where the status is not 200
 * (GraphQL over HTTP, "Status codes").
 */
function errorMediaType(accept: string | undefined): string {
  const type = accept?.includes('application/graphql-response+json')
    ? 'application/graphql-response+json'
    : 'application/json';
  return `${type}; charset=utf-8`;
}
