import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { RequestError, refusal } from '#graphql/pipeline/reply.ts';

/**
 * Node's HTTP module. A named import of `node:http` reads all that the module exports, and one of its getters loads a
 * WebSocket: 25 ms at the start, and 15 MB.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');

/** What a client may take of a server by its connections alone. Times are in milliseconds. */
export interface ConnectionLimits {
  /** From the start of a connection or request to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** From there to the end of its body, headers included: a client that sends a byte a second is cut off. */
  readonly requestTimeoutMs: number;
  /** Between a response and the next request. */
  readonly keepAliveTimeoutMs: number;
  /** Without a single byte in either direction. */
  readonly idleTimeoutMs: number;
  /** From a response being sent to its last byte: a client that reads a byte a second is cut off. */
  readonly readTimeoutMs: number;
  /** How often connections are held against the first two limits. */
  readonly checkIntervalMs: number;
  /** Connections at one time; further ones are closed as they come. */
  readonly maxConnections: number;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  headersTimeoutMs: 5000,
  requestTimeoutMs: 10_000,
  // Longer than the 60 s after which common load balancers close an idle connection, so that they do it first.
  keepAliveTimeoutMs: 65_000,
  idleTimeoutMs: 120_000,
  readTimeoutMs: 120_000,
  checkIntervalMs: 1000,
  maxConnections: 10_000,
};

/**
 * Answers what Node's HTTP parser refuses, or what it waited for too long, and closes the connection. There is no request
 * at this point, and so no id but a new one.
 */
export function answerClientError(error: Error & { readonly code: string }, socket: Socket): void {
  // Nobody is there to read an answer.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = REFUSALS[error.code] ?? [400, 'This is not a well-formed HTTP/1.1 request.'];
  const requestId = randomUUID();
  const { headers, body } = refusal(new RequestError(status, message), requestId, undefined);
  const head = {
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...headers,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  socket.destroy();
}

const REFUSALS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions of the request are too large.'],
};
