import type { IncomingHttpHeaders } from 'node:http';
import type { Reply } from '#graphql/pipeline/reply.ts';
import type { Exchange } from './exchange.ts';
import { readBody } from './request-body.ts';
import type { Route } from './server.ts';

/** A request to the GraphQL endpoint, but for its body. */
export interface GraphQLRequestHead {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Empty, or a query that begins with `?`. */
  readonly search: string;
  readonly requestId: string;
}

export interface GraphQLRouteOptions {
  readonly maxRequestBytes: number;
  /** Answers a request; `body` is undefined for a GET. */
  readonly handle: (head: GraphQLRequestHead, body: string | undefined) => Promise<Reply>;
}

/** The GraphQL endpoint. */
export function graphqlRoute({ maxRequestBytes, handle }: GraphQLRouteOptions): Route {
  const handler = async (exchange: Exchange) => {
    const { request, search, requestId } = exchange;
    const { method = '', headers } = request;
    const body = method === 'POST' ? await readBody(exchange, maxRequestBytes) : undefined;
    const reply = await handle({ method, headers, search, requestId }, body);
    exchange.send(reply.status, reply.headers, reply.body);
  };
  return { path: '/graphql', methods: ['GET', 'POST'], handler };
}
