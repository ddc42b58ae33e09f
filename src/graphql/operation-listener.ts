import type { GraphQLRequestListener } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { GraphQLContext, OperationObserver } from './context.ts';

/** An answer lists at most so many errors; the last one then counts those left out. */
const MOST_ERRORS = 100;

/** Tells the observer of each request about its operation, and completes the answer with what only the request knows. */
export function operationListener(): Pick<
  GraphQLRequestListener<GraphQLContext>,
  'didEncounterErrors' | 'willSendResponse'
> {
  return {
    async didEncounterErrors({ contextValue, errors }) {
      contextValue.operation.failed(errors);
    },
    async willSendResponse({ contextValue, operationName, response: { body } }) {
      if (body.kind === 'single') completeResult(body.singleResult, operationName, contextValue.operation);
    },
  };
}

/** What of a result is completed. */
interface Result {
  readonly data?: unknown;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/** The operation is done: tells its observer, and puts into the result what only the request knows. */
export function completeResult(
  result: Result,
  operationName: string | null | undefined,
  operation: OperationObserver,
): void {
  if (result.errors !== undefined) {
    result.errors = capped(result.errors).map((error) => withRequestId(error, operation.requestId));
  }
  const extensions = operation.done(operationName, result.data);
  if (extensions !== undefined) result.extensions = { ...result.extensions, ...extensions };
}

/** Puts the request's id into an error, so that whoever reports the error gives the id to look up in the logs. */
export function withRequestId(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, requestId } };
}

function capped(errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] {
  if (errors.length <= MOST_ERRORS) return errors;
  const listed = errors.slice(0, MOST_ERRORS - 1);
  const more = errors.length - listed.length;
  const message = `${more} more errors are not listed: a null without an error may be one of them.`;
  const { code = 'INTERNAL_SERVER_ERROR', retryable = false } = errors[listed.length]?.extensions ?? {};
  return [...listed, { message, extensions: { code, retryable } }];
}
