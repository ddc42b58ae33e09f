import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLContext } from '../graphql/context.ts';
import { UserPlaces } from '../graphql/user-places.ts';
import { bearerAuthorization } from './bearer-token.ts';
import { completeErrorBody } from './error-body.ts';
import { SANDBOX_HEADERS } from './landing-page.ts';
import { Operation, type OperationTools } from './operation.ts';
import type { PersistedDocuments } from './persisted-documents.ts';
import { sendError } from './send-error.ts';

export interface GraphQLRouteOptions extends OperationTools {
  readonly apollo: ApolloServer<GraphQLContext>;
  /** Whether callers may have the upstream report. */
  readonly upstreamReport: boolean;
  /** Whether further requests are welcome. */
  readonly isReady: () => boolean;
  /** What decides on documents; where it is undefined, whatever is valid is executed. */
  readonly persistedDocuments: PersistedDocuments | undefined;
}

/** How soon a caller may come back whom we turned away because of the load. */
const RETRY_AFTER_SECONDS = 1;

/**
 * The handler of `/graphql`: Fastify's request into Apollo Server, Apollo Server's answer into Fastify's reply. In the
 * place of `@as-integrations/fastify`, which parses a URL and copies every header for each request.
 */
export function graphqlRoute(options: GraphQLRouteOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (options.upstream.overloaded) return turnAway(options, request, reply);
    const operation = new Operation(options, {
      requestId: request.id,
      authorization: bearerAuthorization(request),
      report: options.upstreamReport && request.headers['x-upstream-report'] === '1',
      span: request.span,
    });
    // The connection closes before the answer is out: the client went away.
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) operation.cancel();
    });

    const graphqlRequest = httpGraphQLRequest(request);
    const {
      status = 200,
      headers,
      body,
    } = await options.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: graphqlRequest,
      // Asked for once the request is known not to be forged, and before it is read.
      context: async () => {
        options.persistedDocuments?.admit(graphqlRequest, (document) => operation.untrusted(document));
        return { loader: operation.loader, places: new UserPlaces(options.maxUsers), operation };
      },
    });
    if (body.kind !== 'complete') throw new Error('Incremental delivery is not supported');
    // A page for a browser that came without an operation.
    if (headers.get('content-type') === 'text/html') return reply.headers(SANDBOX_HEADERS).send(body.string);
    const refusedAtOnce = operation.end();
    reply.code(status === 400 && operation.hasRequestErrors && isPlainJson(headers) ? 200 : status);
    for (const [name, value] of headers) {
      // Apollo Server has its own ideas of it for persisted queries; ours is `no-store`, for every answer.
      if (name !== 'cache-control') reply.header(name, value);
    }
    // So that the client does not send its next request into a connection that is about to close.
    if (!options.isReady()) reply.header('connection', 'close');
    // Errors that came up outside of the operation know nothing of the request's id.
    const incomplete = refusedAtOnce || status >= 400;
    return reply.send(incomplete ? completeErrorBody(body.string, request.id) : body.string);
  };
}

/** The headers that Apollo Server looks at: for CSRF prevention, and for the media types of the answer and of a GET. */
const HEADERS = ['content-type', 'x-apollo-operation-name', 'apollo-require-preflight'];

/** What Apollo Server would negotiate at length, to come to what it answers where nothing is asked for. */
const PLAIN = new Set(['*/*', 'application/json']);

function httpGraphQLRequest({ method, headers, url, body }: FastifyRequest): HTTPGraphQLRequest {
  const map = new HeaderMap();
  const { accept } = headers;
  if (accept !== undefined && !PLAIN.has(accept)) map.set('accept', accept);
  if (body !== undefined && body !== null) {
    // Fastify has read it, so it is JSON, which no browser sends to another origin unasked: nothing to parse once more.
    map.set('apollo-require-preflight', '1');
  } else {
    for (const name of HEADERS) {
      const value = headers[name];
      if (typeof value === 'string') map.set(name, value);
    }
  }
  const start = url.indexOf('?');
  return { method, headers: map, search: start === -1 ? '' : url.slice(start), body };
}

/**
 * Whether the answer is of the older media type, with which a well-formed request always gets a 200: without one, its
 * clients can't tell a GraphQL response from what a proxy made up (GraphQL over HTTP, appendix "application/json").
 */
function isPlainJson(headers: HeaderMap): boolean {
  return headers.get('content-type')?.startsWith('application/json') === true;
}

function turnAway(
  { metrics, logger }: OperationTools,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  metrics.operation('turned_away', 0, 0, 0, 0);
  logger.info({ requestId: request.id, outcome: 'turned_away' }, 'operation');
  const message = 'Too many requests wait for the REST API; try again in a moment.';
  reply.header('retry-after', RETRY_AFTER_SECONDS);
  return sendError(request, reply, { status: 503, message, code: 'UPSTREAM_UNAVAILABLE', retryable: true });
}
