import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, answerFrom } from './answer.ts';
import { resources as demoResources } from './data.ts';
import type { MockResource } from './resource.ts';

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
  readonly port?: number;
  /** Called for each request before it is answered, also for one that is refused. */
  readonly onRequest?: (request: MockApiRequest) => void;
  /** What it serves, in place of the demo data. The demo tokens are good for it too. */
  readonly resources?: readonly MockResource[];
};

/**
 * Serves the REST API over HTTP from its built-in data: by default on a free port of 127.0.0.1. Rejects if it cannot
 * listen there.
 */
export async function startMockApi(options: MockApiOptions = {}): Promise<MockApi> {
  const { port = 0, onRequest, resources = demoResources } = options;
  const answer = answerFrom(resources);
  // By default Node keeps the first of two Authorization headers. Joined they are no valid token, as it should be.
  const server = createServer({ joinDuplicateHeaders: true }, (request, response) => {
    const { method = '', url = '', headers } = request;
    onRequest?.({ method, url, headers });
    const answered = answer(method, url, headers.authorization);
    const { delayMs } = answered.behavior ?? {};
    if (delayMs === undefined) return send(response, answered);
    const timer = setTimeout(send, delayMs, response, answered);
    response.on('close', () => clearTimeout(timer));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: boundPort } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      // The only error that close() knows is "not running", which is what was asked for.
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${boundPort}`, stop };
}

function send(response: ServerResponse, { statusCode, message, data, behavior = {} }: Answer): void {
  const status = statusCode === 200 ? 'success' : 'error';
  const whole = Buffer.from(JSON.stringify({ meta: { status, statusCode }, message, data }));
  const body = behavior.truncated ? whole.subarray(0, Math.floor(whole.length / 2)) : whole;
  const { retryAfterSeconds } = behavior;
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
  response.writeHead(statusCode, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
}
