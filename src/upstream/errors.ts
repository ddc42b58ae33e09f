/**
 * Why an item of the REST API could not be had, in REST's words. The messages are fit for the caller's eyes: no
 * address, no body, no token stands in any of them. What a library threw is kept as `cause`, for the log.
 */
export abstract class UpstreamError extends Error {}

/** An identifier would not fit into one path segment; nothing was sent. */
export class InvalidIdentifierError extends UpstreamError {
  override readonly name = 'InvalidIdentifierError';
  constructor(parameter: string) {
    super(`${parameter} must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-".`);
  }
}

/** The caller gave no usable bearer token; nothing was sent. */
export class MissingTokenError extends UpstreamError {
  override readonly name = 'MissingTokenError';
  constructor() {
    super('Send exactly one "Authorization: Bearer <token>" header.');
  }
}

/** More distinct items were asked for than one operation may read; nothing was sent for this one. */
export class TooManyItemsError extends UpstreamError {
  override readonly name = 'TooManyItemsError';
  constructor(limit: number) {
    super(`One operation may read at most ${limit} distinct users; this one is past the limit.`);
  }
}

/** The REST API turned the request down: 400, 401 or 403. */
export class RejectedError extends UpstreamError {
  override readonly name = 'RejectedError';
  readonly status: 400 | 401 | 403;
  constructor(status: 400 | 401 | 403) {
    super(REJECTIONS[status]);
    this.status = status;
  }
}

const REJECTIONS = {
  400: 'The REST API did not accept the request.',
  401: 'The REST API did not accept the token for this community.',
  403: 'The REST API does not let this caller read the user.',
};

/** The REST API limits the caller's rate. */
export class RateLimitedError extends UpstreamError {
  override readonly name = 'RateLimitedError';
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(`The REST API limits the rate of requests; try again in ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No answer of use can be had at the moment: a 5xx, no connection, or the circuit breaker is open. */
export class UnavailableError extends UpstreamError {
  override readonly name = 'UnavailableError';
  constructor(what: string, cause?: unknown) {
    super(`The REST API is unavailable: ${what}.`, { cause });
  }
}

/** The deadline passed before an answer was there. */
export class DeadlineError extends UpstreamError {
  override readonly name = 'DeadlineError';
  constructor(timeoutMs: number) {
    super(`The REST API did not answer within ${timeoutMs} ms.`);
  }
}

/** The client went away, so nobody waits for the answer any more. */
export class CancelledError extends UpstreamError {
  override readonly name = 'CancelledError';
  constructor() {
    super('The client closed the connection.');
  }
}

/** An answer came that is not what the REST API promises. */
export class BadResponseError extends UpstreamError {
  override readonly name = 'BadResponseError';
  constructor(what: string, cause?: unknown) {
    super(`The REST API gave an answer that cannot be used: ${what}.`, { cause });
  }
}

/** One field of an otherwise good answer has the wrong type. */
export class FieldTypeError extends UpstreamError {
  override readonly name = 'FieldTypeError';
  constructor(field: string) {
    super(`The REST API gave "${field}" a value of the wrong type.`);
  }
}
