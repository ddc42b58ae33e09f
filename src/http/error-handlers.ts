import type { FastifyInstance } from 'fastify';
import type { Logger } from '#telemetry/logger.ts';
import { sendError } from './send-error.ts';

/** Answers what finds no route, and what fails on the way to a handler or in it, with errors in GraphQL's form. */
export function addErrorHandlers(server: FastifyInstance, logger: Logger): void {
  server.setNotFoundHandler((request, reply) => {
    const allowed = METHODS.filter((method) => server.hasRoute({ url: pathOf(request.url), method }));
    if (allowed.length === 0) {
      const message = 'There is nothing at this path.';
      return sendError(request, reply, { status: 404, message, code: 'NOT_FOUND' });
    }
    reply.header('allow', allowed.join(', '));
    if (request.method === 'OPTIONS') return reply.code(204).send();
    const message = `Use ${allowed.join(' or ')} for this path.`;
    return sendError(request, reply, { status: 405, message, code: 'BAD_REQUEST' });
  });

  server.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const { statusCode: status = 500 } = error;
    if (status < 500) {
      return sendError(request, reply, { status, message: messageOf(error), code: 'BAD_REQUEST' });
    }
    logger.error({ requestId: request.id, err: error }, 'unexpected error');
    const message = 'Internal server error';
    return sendError(request, reply, { status, message, code: 'INTERNAL_SERVER_ERROR' });
  });
}

const METHODS = ['GET', 'HEAD', 'POST'];

function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Fastify's own words, except where they do not say what to do. */
function messageOf({ statusCode, message }: { statusCode?: number; message: string }): string {
  return statusCode === 415 ? 'Send the operation as application/json.' : message;
}
