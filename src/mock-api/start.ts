import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { type Answer, answer } from './answer.ts';

/** One request as it arrived; `url` is path and query exactly as received. */
export type MockApiRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
};

/** A running mock API. */
export type MockApi = {
  /** The address to put in front of a path, such as `http://127.0.0.1:49152`. */
  readonly url: string;
  /** Cuts every connection, also one with a request in flight; resolves when all are closed. */
  stop(): Promise<void>;
};

export type MockApiOptions = {
  readonly host?: string;
  readonly port?: number;
  /** Called for each request before it is answered, also for one that is refused. */
  readonly onRequest?: (request: MockApiRequest) => void;
};

/**
 * Serves the REST API over HTTP from its built-in data: by default on a free port of 127.0.0.1. Rejects if it cannot
 * listen there.
 */
export async function startMockApi(options: MockApiOptions = {}): Promise<MockApi> {
  const { host = '127.0.0.1', port = 0, onRequest } = options;
  // By default Node keeps the first of two Authorization headers. Joined they are no valid token, as it should be.
  const server = createServer({ joinDuplicateHeaders: true }, (request, response) => {
    const { method = '', url = '', headers } = request;
    onRequest?.({ method, url, headers });
    send(response, answer(method, url, headers.authorization));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { url: addressOf(server), stop: () => stop(server) };
}

function send(response: ServerResponse, { statusCode, message, data }: Answer): void {
  const status = statusCode === 200 ? 'success' : 'error';
  const body = JSON.stringify({ meta: { status, statusCode }, message, data });
  response.writeHead(statusCode, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The mock API has no TCP address.');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The only error that close() knows is "not running", which is what was asked for.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
