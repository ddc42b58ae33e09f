import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { errorBody } from './error-body.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

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
  const [status, message] = REFUSALS[error.code] ?? [
    '400 Bad Request',
    'This is not a well-formed HTTP/1.1 request.',
  ];
  const requestId = randomUUID();
  const body = errorBody(message, 'BAD_REQUEST', false, requestId);
  const headers = {
    ...SECURITY_HEADERS,
    'x-request-id': requestId,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`);
  socket.destroy();
}

// Without `STATUS_CODES` of `node:http`: an import of that runs the getters of all it exports, which loads a WebSocket.
const REFUSALS: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers of the request are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    '413 Payload Too Large',
    'The chunk extensions of the request are too large.',
  ],
};
