import cors from '@fastify/cors';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from '#telemetry/logger.ts';
import { answerClientError } from './client-error.ts';
import { type ConnectionLimits, DEFAULT_CONNECTION_LIMITS } from './connection-limits.ts';
import { addErrorHandlers } from './error-handlers.ts';
import { requestId } from './request-id.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { sendError } from './send-error.ts';

export interface HttpServerOptions {
  readonly maxRequestBytes: number;
  readonly corsOrigins: readonly (string | RegExp)[];
  readonly logger: Logger;
  readonly connectionLimits?: Partial<ConnectionLimits> | undefined;
}

/** How long a browser may remember what a preflight said; none remembers it for more than two hours. */
const PREFLIGHT_SECONDS = 7200;

/** A Fastify server as all of ours are: ids, errors, limits and headers; without routes, not listening. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const limits = { ...DEFAULT_CONNECTION_LIMITS, ...options.connectionLimits };
  const server = fastify({
    bodyLimit: options.maxRequestBytes,
    genReqId: requestId,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionTimeout: limits.idleTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    http: {
      // Node holds the one against the other.
      requestTimeout: limits.requestTimeoutMs,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
      // A second `Authorization` header is not to be dropped silently.
      joinDuplicateHeaders: true,
    },
    // While draining, what still comes over an open connection is answered like any other request.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    clientErrorHandler: answerClientError,
    // Hooks do not run for what Fastify can't route.
    frameworkErrors: (_error, request, reply) => {
      reply.header('x-request-id', request.id).headers(SECURITY_HEADERS);
      const message = 'The path is not a well-formed URL.';
      sendError(request, reply, { status: 400, message, code: 'BAD_REQUEST' });
    },
  });
  server.server.maxConnections = limits.maxConnections;
  // A browser sends it to other origins without asking them first.
  server.removeContentTypeParser('text/plain');

  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id).headers(SECURITY_HEADERS);
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') return done();
    const message = 'Send the body as it is: compressed ones are not read.';
    sendError(request, reply, { status: 415, message, code: 'BAD_REQUEST' });
  });
  if (options.corsOrigins.length > 0) {
    await server.register(cors, {
      origin: [...options.corsOrigins],
      exposedHeaders: ['x-request-id', 'retry-after'],
      maxAge: PREFLIGHT_SECONDS,
      strictPreflight: false,
    });
  }
  addErrorHandlers(server, options.logger);
  return server;
}
