import type { ApolloServer } from '@apollo/server';
import type { RequestLoader } from '#loader/request-loader.ts';
import { type ApolloContext, HeaderMap } from '../operations/apollo.ts';
import type { RequestHead } from './head.ts';
import type { Parameters } from './parameters.ts';
import { type Result, withRequestId } from './reply.ts';

const HEADER = 'apollo-federation-include-trace';

/** Whether a router asks for a trace of every resolver (`FEDERATED_TRACING` allows it). */
export function asksForTrace({ headers }: RequestHead): boolean {
  return headers[HEADER] === 'ftv1';
}

/** Executes an operation with graphql-js and Apollo Server's plugin for such traces. `failed` is told of each error. */
export async function executeTraced(
  apollo: ApolloServer<ApolloContext>,
  query: string,
  { operationName, variables }: Parameters,
  { method, search, requestId }: RequestHead,
  loader: RequestLoader,
  failed: (error: unknown) => void,
): Promise<Result> {
  const headers = new HeaderMap([[HEADER, 'ftv1']]);
  const { body } = await apollo.executeOperation(
    {
      query,
      ...(operationName !== undefined && { operationName }),
      variables,
      http: { method, search, headers, body: {} },
    },
    { contextValue: { loader, failed } },
  );
  if (body.kind !== 'single') throw new TypeError('Incremental delivery is not supported.');
  const { data, errors = [], extensions } = body.singleResult;
  return {
    data: JSON.stringify(data ?? null),
    errors: errors.map((error) => withRequestId(error, requestId)),
    extensions,
  };
}
