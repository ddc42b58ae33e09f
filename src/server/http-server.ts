import cors from '@fastify/cors';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from '../observability/logger.ts';
import { errorBody } from './error-body.ts';
import { requestId } from './request-id.ts';

export interface HttpServerOptions {
  readonly maxRequestBytes: number;
  readonly corsOrigins: readonly (string | RegExp)[];
  readonly logger: Logger;
}

/** Time limits of a connection, in milliseconds: a client that sends a byte a second is cut off. */
const REQUEST_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 5000;
/** Longer than the 60 s after which common load balancers close an idle connection, so that they do it first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MOST_CONNECTIONS = 10_000;

/** A Fastify server as all of ours are: ids, errors, limits and headers; without routes, not listening. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const server = fastify({
    bodyLimit: options.maxRequestBytes,
    genReqId: requestId,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 1000,
      // A second `Authorization` header is not to be dropped silently.
      joinDuplicateHeaders: true,
    },
    // While draining, what still comes over an open connection is answered like any other request.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
  });
  server.server.maxConnections = MOST_CONNECTIONS;
  if (options.corsOrigins.length > 0) {
    await server.register(cors, { origin: [...options.corsOrigins], exposedHeaders: ['x-request-id'] });
  }
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });
  server.setNotFoundHandler(async (request, reply) =>
    sendError(request, reply, 404, 'There is nothing at this path.', 'NOT_FOUND'),
  );
  server.setErrorHandler(async (error: { statusCode?: number; message: string }, request, reply) => {
    const { statusCode = 500, message } = error;
    if (statusCode < 500) return sendError(request, reply, statusCode, message, 'BAD_REQUEST');
    options.logger.error({ requestId: request.id, err: error }, 'unexpected error');
    return sendError(request, reply, statusCode, 'Internal server error', 'INTERNAL_SERVER_ERROR');
  });
  return server;
}

function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  message: string,
  code: string,
) {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(errorBody(message, code, false, request.id));
}
