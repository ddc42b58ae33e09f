/** What a client of ours is told of a failure, in `extensions.code`. */
export type UpstreamErrorCode =
  | 'UNAUTHENTICATED'
  | 'BAD_USER_INPUT'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_BAD_RESPONSE'
  | 'TOO_MANY_USERS'
  | 'OVERLOADED'
  | 'CANCELLED';

const RETRYABLE: ReadonlySet<UpstreamErrorCode> = new Set([
  'RATE_LIMITED',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_BAD_RESPONSE',
  'OVERLOADED',
]);

/**
 * Why an item of the REST API, or one field of it, could not be had. The message is fit for the caller's eyes: no address,
 * no body, no token stands in it. What a library threw is kept as `cause`, for the log.
 */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly code: UpstreamErrorCode;
  /** With RATE_LIMITED: when to ask again, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: UpstreamErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterSeconds?: number } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** Whether the same request may work later. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}

/** An identifier would not fit into one path segment; nothing was sent. */
export function invalidIdentifier(parameter: string): UpstreamError {
  return refusal('BAD_USER_INPUT', `${parameter} must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-".`);
}

/** The caller gave no usable bearer token; nothing was sent. */
export function missingToken(): UpstreamError {
  return refusal('UNAUTHENTICATED', 'Send exactly one "Authorization: Bearer <token>" header.');
}

/** More distinct items were asked for than one operation may read; nothing was sent for this one. */
export function tooManyItems(limit: number): UpstreamError {
  return refusal(
    'TOO_MANY_USERS',
    `One operation may read at most ${limit} distinct items of a kind; this one is past the limit.`,
  );
}

/** Too many GETs of this caller wait already; nothing was sent. */
export function overloaded(): UpstreamError {
  return refusal('OVERLOADED', 'Too many of your requests to the REST API wait already.');
}

const refusals = new Map<string, UpstreamError>();

/**
 * Refuses before anything is sent. One list can be refused at thousands of places, and to take down the stack for each
 * would cost more than all the rest: so each refusal is made once. Their messages are few.
 */
function refusal(code: UpstreamErrorCode, message: string): UpstreamError {
  let error = refusals.get(message);
  if (error === undefined) {
    error = new UpstreamError(code, message);
    refusals.set(message, error);
  }
  return error;
}

/** The REST API turned the request down. */
export function rejected(status: 400 | 401 | 403): UpstreamError {
  const [code, message] = REJECTIONS[status];
  return new UpstreamError(code, message);
}

const REJECTIONS = {
  400: ['BAD_USER_INPUT', 'The REST API did not accept the request.'],
  401: ['UNAUTHENTICATED', 'The REST API did not accept the token for this.'],
  403: ['FORBIDDEN', 'The REST API does not let this caller read it.'],
} as const;

/** The REST API limits the caller's rate. */
export function rateLimited(retryAfterSeconds: number): UpstreamError {
  const message = `The REST API limits the rate of requests; try again in ${retryAfterSeconds} s.`;
  return new UpstreamError('RATE_LIMITED', message, { retryAfterSeconds });
}

/** No answer of use can be had at the moment: a 5xx, no connection, or the circuit breaker is open. */
export function unavailable(what: string, cause?: unknown): UpstreamError {
  return new UpstreamError('UPSTREAM_UNAVAILABLE', `The REST API is unavailable: ${what}.`, { cause });
}

/** The deadline passed before an answer was there. */
export function deadlinePassed(timeoutMs: number): UpstreamError {
  return new UpstreamError('UPSTREAM_TIMEOUT', `The REST API did not answer within ${timeoutMs} ms.`);
}

/** The client went away, so nobody waits for the answer any more. */
export function cancelled(): UpstreamError {
  return new UpstreamError('CANCELLED', 'The client closed the connection.');
}

/** An answer came that is not what the REST API promises. */
export function badResponse(what: string, cause?: unknown): UpstreamError {
  return new UpstreamError(
    'UPSTREAM_BAD_RESPONSE',
    `The REST API gave an answer that cannot be used: ${what}.`,
    { cause },
  );
}

/** One field of an otherwise good answer has the wrong type. */
export function wrongFieldType(field: string): UpstreamError {
  return new UpstreamError(
    'UPSTREAM_BAD_RESPONSE',
    `The REST API gave "${field}" a value of the wrong type.`,
  );
}
