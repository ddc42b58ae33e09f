import type { onRequestHookHandler } from 'fastify';
import type { RequestSpan, Tracing } from '#telemetry/tracing.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The span of the request, where requests are traced. */
    span?: RequestSpan;
  }
}

/** A hook of a route that makes a span of each of its requests; the span ends with the response. */
export function traceRequests(tracing: Tracing): onRequestHookHandler {
  return (request, reply, done) => {
    const span = tracing.request({
      method: request.method,
      route: request.routeOptions.url ?? '',
      requestId: request.id,
      headers: request.headers,
    });
    request.span = span;
    reply.raw.once('close', () => span.end(reply.raw.writableFinished ? reply.statusCode : undefined));
    done();
  };
}
