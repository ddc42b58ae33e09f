import type { GraphQLFormattedError } from 'graphql';
import { withRequestId } from '#graphql/operation-listener.ts';

/** The body of a response that says why a request was turned away before GraphQL had a look at it. */
export function errorBody(message: string, code: string, retryable: boolean, requestId: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, retryable, requestId } }] });
}

/** Puts the request's id into the errors of a body that Apollo Server made before it knew of any context. */
export function completeErrorBody(body: string, requestId: string): string {
  const result: { errors?: GraphQLFormattedError[] } = JSON.parse(body);
  const errors = result.errors?.map((error) => withRequestId(error, requestId));
  return JSON.stringify({ ...result, errors });
}

/**
 * The media type of such a body. Clients that know `application/graphql-response+json` take only that for a GraphQL
 * response where the status is not 200.
 */
export function errorMediaType(accept: string | undefined): string {
  const type = accept?.includes('application/graphql-response+json')
    ? 'application/graphql-response+json'
    : 'application/json';
  return `${type}; charset=utf-8`;
}
