import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorBody, errorMediaType } from './error-body.ts';

/** Why a request is turned away before GraphQL has a look at it. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code: 'BAD_REQUEST' | 'NOT_FOUND' | 'UPSTREAM_UNAVAILABLE' | 'INTERNAL_SERVER_ERROR';
  /** Whether the same request may succeed later. */
  readonly retryable?: boolean;
}

/** Answers a request with an error in the form of a GraphQL response. */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, message, code, retryable = false }: Refusal,
): FastifyReply {
  return reply
    .code(status)
    .type(errorMediaType(request.headers.accept))
    .send(errorBody(message, code, retryable, request.id));
}
