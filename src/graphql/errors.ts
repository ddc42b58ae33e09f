import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import {
  BadResponseError,
  DeadlineError,
  FieldTypeError,
  InvalidIdentifierError,
  MissingTokenError,
  RateLimitedError,
  RejectedError,
  TooManyItemsError,
  UnavailableError,
  UpstreamError,
} from '#upstream/errors.ts';
import { isLimitError, isTokenLimitError } from './limits/limits.ts';

/** What a client learns of an error, beside its message and place. */
interface Description {
  readonly message: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
}

/**
 * The one place where failures become GraphQL errors: takes an error of an operation and gives what the client sees of it.
 * Whatever is not known to be fit for its eyes becomes "Internal server error".
 */
export function formatError(thrown: unknown): GraphQLFormattedError {
  const error = asGraphQLError(thrown);
  const { message, ...extensions } = describe(error);
  return {
    message,
    ...(error.locations !== undefined && { locations: error.locations }),
    ...(error.path !== undefined && { path: error.path }),
    extensions: { ...extensions },
  };
}

/** Whether an error is none that anybody foresaw, and so one to log with its stack. */
export function isUnexpected(error: GraphQLError): boolean {
  return describe(error) === INTERNAL;
}

/**
 * Whether GraphQL itself refused a well-formed request, for its document, its operation's name or its variables: a "request
 * error" of the GraphQL specification. Where a limit was passed it is we who refused.
 */
export function isRequestError(error: GraphQLError): boolean {
  const { code } = describe(error);
  return error.path === undefined && REQUEST_ERRORS.has(code) && !isLimitError(error);
}

const REQUEST_ERRORS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

function asGraphQLError(thrown: unknown): GraphQLError {
  if (thrown instanceof GraphQLError) return thrown;
  const originalError = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new GraphQLError(originalError.message, { originalError });
}

const INTERNAL: Description = {
  message: 'Internal server error',
  code: 'INTERNAL_SERVER_ERROR',
  retryable: false,
};

function describe(error: GraphQLError): Description {
  const cause = original(error);
  if (cause instanceof UpstreamError) return describeUpstreamError(cause);
  if (!(cause instanceof GraphQLError)) return INTERNAL;
  // Other than graphql-js, graphql-jit leaves `extensions` undefined where there are none.
  const code = error.extensions?.code;
  if (isTokenLimitError(error)) return refused(error, 'GRAPHQL_VALIDATION_FAILED');
  if (typeof code === 'string' && code !== INTERNAL.code) return refused(error, code);
  return isArgumentError(error) ? refused(error, 'BAD_USER_INPUT') : INTERNAL;
}

function describeUpstreamError(error: UpstreamError): Description {
  const { message } = error;
  if (error instanceof InvalidIdentifierError) return { message, code: 'BAD_USER_INPUT', retryable: false };
  if (error instanceof MissingTokenError) return { message, code: 'UNAUTHENTICATED', retryable: false };
  if (error instanceof TooManyItemsError) return { message, code: 'TOO_MANY_USERS', retryable: false };
  if (error instanceof RejectedError) return { message, code: REJECTED[error.status], retryable: false };
  if (error instanceof RateLimitedError) {
    const { retryAfterSeconds } = error;
    return { message, code: 'RATE_LIMITED', retryable: true, retryAfterSeconds };
  }
  if (error instanceof DeadlineError) return { message, code: 'UPSTREAM_TIMEOUT', retryable: true };
  if (error instanceof UnavailableError) return { message, code: 'UPSTREAM_UNAVAILABLE', retryable: true };
  if (error instanceof BadResponseError || error instanceof FieldTypeError) {
    return { message, code: 'UPSTREAM_BAD_RESPONSE', retryable: true };
  }
  return INTERNAL;
}

const REJECTED = { 400: 'BAD_USER_INPUT', 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN' } as const;

/** An error that tells the client about its own request, and so may say what it says. */
function refused({ message }: GraphQLError, code: string): Description {
  return { message, code, retryable: false };
}

/** Arguments that only the execution can refuse: graphql-js gives them no code, and no other error starts like this. */
function isArgumentError({ message }: GraphQLError): boolean {
  return /^(?:Argument|Variable) "/.test(message);
}

function original(error: GraphQLError): Error {
  let inner: Error = error;
  while (inner instanceof GraphQLError && inner.originalError !== undefined) inner = inner.originalError;
  return inner;
}
