import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { GraphQLContext } from '#graphql/context.ts';
import type { CompiledOperations } from '#graphql/execution/compiled-operations.ts';
import { answerCompiled, findCompiled } from '#graphql/execution/shortcut.ts';
import { UserPlaces } from '#graphql/user-places.ts';
import { bearerAuthorization } from './bearer-token.ts';
import { completeErrorBody } from './error-body.ts';
import { SANDBOX_HEADERS } from './landing-page.ts';
import { Operation, type OperationTools } from './operation.ts';
import type { PersistedDocuments } from './persisted-documents.ts';
import { sendError } from './send-error.ts';

export interface GraphQLRouteOptions extends OperationTools {
  readonly apollo: ApolloServer<GraphQLContext>;
  /** What was executed before, compiled. */
  readonly operations: CompiledOperations;
  /** Whether callers may have the upstream report. */
  readonly upstreamReport: boolean;
  /** Whether further requests are welcome. */
  readonly isReady: () => boolean;
  /** What decides on documents; where it is undefined, whatever is valid is executed. */
  readonly persistedDocuments: PersistedDocuments | undefined;
}

/** How soon a caller may come back whom we turned away because of the load. */
const RETRY_AFTER_SECONDS = 1;

/** `Accept` headers are few; whoever sends others each time waits for Apollo Server to read them. */
const MOST_ACCEPTS = 100;

/**
 * The handler of `/graphql`: Fastify's request into Apollo Server, Apollo Server's answer into Fastify's reply; but what
 * asks for an operation that is compiled is answered at once. In the place of `@as-integrations/fastify`, which parses a
 * URL and copies every header for each request.
 */
export function graphqlRoute(options: GraphQLRouteOptions) {
  /** By `Accept` header: the media type that Apollo Server chose for an answer. */
  const mediaTypes = new LRUCache<string, string>({ max: MOST_ACCEPTS });

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
    const send = (text: string) => {
      // So that the client does not send its next request into a connection that is about to close.
      if (!options.isReady()) reply.header('connection', 'close');
      return reply.send(text);
    };

    const graphqlRequest = httpGraphQLRequest(request);
    const context = { loader: operation.loader, places: new UserPlaces(options.maxUsers), operation };
    const admit = () =>
      options.persistedDocuments?.admit(graphqlRequest, (document) => operation.untrusted(document));

    const { accept = '' } = request.headers;
    const mediaType = mediaTypes.get(accept);
    if (mediaType !== undefined && isJsonPost(request) && passes(admit)) {
      const compiled = findCompiled(options.operations, graphqlRequest.body);
      const answer = compiled && (await answerCompiled(compiled, context));
      if (answer !== undefined) {
        reply.header('content-type', mediaType);
        return send(answer);
      }
    }

    const {
      status = 200,
      headers,
      body,
    } = await options.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: graphqlRequest,
      // Asked for once the request is known not to be forged, and before it is read.
      context: async () => {
        admit();
        return context;
      },
    });
    if (body.kind !== 'complete') throw new Error('Incremental delivery is not supported');
    const contentType = headers.get('content-type');
    // A page for a browser that came without an operation.
    if (contentType === 'text/html') return reply.headers(SANDBOX_HEADERS).send(body.string);
    const refusedAtOnce = operation.end();
    if (status === 200 && contentType !== undefined && isJsonPost(request))
      mediaTypes.set(accept, contentType);
    reply.code(status === 400 && operation.hasRequestErrors && isPlainJson(contentType) ? 200 : status);
    for (const [name, value] of headers) {
      // Apollo Server has its own ideas of it for persisted queries; ours is `no-store`, for every answer.
      if (name !== 'cache-control') reply.header(name, value);
    }
    // Errors that came up outside of the operation know nothing of the request's id.
    const incomplete = refusedAtOnce || status >= 400;
    return send(incomplete ? completeErrorBody(body.string, request.id) : body.string);
  };
}

/** Whether Fastify has read a body, which then was JSON: a browser sends it to another origin only when that allows it. */
function isJsonPost({ body }: FastifyRequest): boolean {
  return body !== undefined && body !== null;
}

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

/** The headers that Apollo Server looks at: for CSRF prevention, and for the media types of the answer and of a GET. */
const HEADERS = ['accept', 'content-type', 'x-apollo-operation-name', 'apollo-require-preflight'];

function httpGraphQLRequest({ method, headers, url, body }: FastifyRequest): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const name of HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') map.set(name, value);
  }
  const start = url.indexOf('?');
  return { method, headers: map, search: start === -1 ? '' : url.slice(start), body };
}

/**
 * Whether the answer is of the older media type, with which a well-formed request always gets a 200: without one, its
 * clients can't tell a GraphQL response from what a proxy made up (GraphQL over HTTP, appendix "application/json").
 */
function isPlainJson(contentType: string | undefined): boolean {
  return contentType?.startsWith('application/json') === true;
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
