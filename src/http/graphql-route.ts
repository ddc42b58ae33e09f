import type { ApolloServer } from '@apollo/server';
import Negotiator from 'negotiator';
import { type ApolloContext, HeaderMap } from '#graphql/operations/apollo.ts';
import { checkHead, type RequestHead } from '#graphql/pipeline/head.ts';
import { GraphQLRequest, type RequestTools } from '#graphql/pipeline/request.ts';
import type { Telemetry } from '#telemetry/telemetry.ts';
import { type Exchange, readBody } from './exchange.ts';
import type { Route } from './server.ts';

export interface GraphQLRouteOptions {
  readonly tools: RequestTools;
  readonly telemetry: Telemetry;
  /** Bytes of a body once it is inflated. */
  readonly maxRequestBytes: number;
  /** Whether a browser that comes here gets Apollo Sandbox. */
  readonly sandbox: boolean;
}

const PATH = '/graphql';

/** The GraphQL endpoint. */
export function graphqlRoute(options: GraphQLRouteOptions): Route {
  return { path: PATH, methods: ['GET', 'POST'], handler: (exchange) => answer(options, exchange) };
}

async function answer(options: GraphQLRouteOptions, exchange: Exchange): Promise<void> {
  const { request, response, search, requestId } = exchange;
  const { method = '', headers } = request;
  const head = { requestId, method, route: PATH, headers, search };
  if (options.sandbox && isBrowser(head)) return sendSandbox(options.tools.apollo, exchange);
  const scope = options.telemetry.begin(head);
  let graphqlRequest: GraphQLRequest | undefined;
  response.once('close', () => {
    scope.responded(response.writableFinished ? response.statusCode : undefined);
    // The connection closes before the answer is out: the client went away.
    if (!response.writableFinished) graphqlRequest?.cancel();
  });
  try {
    // What can be told from the head is told before the body is read.
    const mediaType = checkHead(head);
    const body = method === 'POST' ? await readBody(exchange, options.maxRequestBytes) : undefined;
    graphqlRequest = new GraphQLRequest(options.tools, head, mediaType, scope);
    const reply = await graphqlRequest.answer(body);
    exchange.send(reply.status, reply.headers, reply.body);
  } catch (error) {
    // It was refused before the operation was known.
    scope.end({ outcome: 'refused', errors: 1, items: [] });
    throw error;
  }
}

/** Whether somebody looks at the endpoint in a browser, which then prefers a page to JSON. */
function isBrowser({ method, headers }: RequestHead): boolean {
  const { accept } = headers;
  if (method !== 'GET' || typeof accept !== 'string' || !accept.includes('text/html')) return false;
  return new Negotiator({ headers: { accept } }).mediaType(['application/json', 'text/html']) === 'text/html';
}

async function sendSandbox(apollo: ApolloServer<ApolloContext>, exchange: Exchange): Promise<void> {
  const { body } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: 'GET',
      headers: new HeaderMap([['accept', 'text/html']]),
      search: '',
      body: '',
    },
    context: async () => ({ failed() {} }),
  });
  const { sandboxPage } = await import('./explorers/sandbox.ts');
  const page = sandboxPage(body.kind === 'complete' ? body.string : '');
  exchange.send(page.status ?? 200, page.headers, page.body);
}
