import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { UpstreamError } from '#upstream/errors.ts';
import { locationsOfError } from './locations.ts';

/** What a client learns of an error, beside its place. */
export interface ErrorDescription {
  readonly message: string;
  readonly extensions: {
    readonly code: string;
    readonly retryable: boolean;
    readonly retryAfterSeconds?: number;
  };
}

const INTERNAL: ErrorDescription = {
  message: 'Internal server error',
  extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false },
};

/**
 * The one place where failures become what a client sees of them. Whatever is not known to be fit for its eyes becomes
 * "Internal server error".
 */
export function describeError(error: unknown): ErrorDescription {
  const cause = original(error);
  if (cause instanceof UpstreamError) {
    const { message, code, retryable, retryAfterSeconds } = cause;
    return {
      message,
      extensions: { code, retryable, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
    };
  }
  if (!(cause instanceof GraphQLError) || !(error instanceof GraphQLError)) return INTERNAL;
  const { message, extensions } = error;
  if (extensions.code === INTERNAL.extensions.code) return INTERNAL;
  // graphql-js refuses arguments and variables without a code, and throws no other GraphQLError while it executes.
  const code = typeof extensions.code === 'string' ? extensions.code : 'BAD_USER_INPUT';
  return { message, extensions: { code, retryable: false } };
}

/** Whether an error is none that anybody foresaw, and so one to log with its stack. */
export function isUnexpected(error: unknown): boolean {
  return describeError(error) === INTERNAL;
}

/** An error of Apollo Server's or graphql-js's as a client sees it. */
export function formatError(error: unknown): GraphQLFormattedError {
  const { message, extensions } = describeError(error);
  const locations = locationsOfError(error);
  const path = error instanceof GraphQLError ? error.path : undefined;
  return {
    message,
    ...(locations !== undefined && { locations }),
    ...(path !== undefined && { path }),
    extensions: { ...extensions },
  };
}

function original(error: unknown): unknown {
  let inner = error;
  while (inner instanceof GraphQLError && inner.originalError !== undefined) inner = inner.originalError;
  return inner;
}
