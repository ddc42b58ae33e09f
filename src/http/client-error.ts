import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { RequestError, refusal } from '#graphql/pipeline/reply.ts';
import { STATUS_CODES } from './node-http.ts';

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
