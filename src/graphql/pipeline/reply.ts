/** An HTTP response, but for the headers that all of ours have. */
export interface Reply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
