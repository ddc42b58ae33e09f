import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { answerFrom } from '#mock-api/answer.ts';
import { resources } from '#mock-api/data.ts';
import { listen } from './listen.ts';

/** One request as it arrived; `url` is path and query exactly as received. */
export interface RestRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Answers a request in whatever way a test needs: whole, late, broken or not at all. */
export type RestHandler = (request: RestRequest, response: ServerResponse) => void;

/** A REST API on a port of its own that writes down what it is asked. */
export interface RestApi {
  readonly url: string;
  /** What came so far, in the order in which it came. */
  readonly requests: RestRequest[];
  /** Cuts every connection and resolves when all are closed. */
  stop(): Promise<void>;
}

/**
 * Starts a REST API on a free port of 127.0.0.1: the embedded one with its demo data, unless a handler is given. It stops
 * by itself at the end of the test that started it.
 */
export async function startRestApi(handler: RestHandler = answerFromDemoData): Promise<RestApi> {
  const requests: RestRequest[] = [];
  const server = createServer({ joinDuplicateHeaders: true }, (incoming, response) => {
    const request = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers };
    requests.push(request);
    handler(request, response);
  });
  const port = await listen(server);
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${port}`, requests, stop };
}

/** A handler that gives every request the same JSON. */
export function always(status: number, body: unknown, headers: Record<string, string> = {}): RestHandler {
  return (_request, response) => sendJson(response, status, body, headers);
}

/** Sends JSON, or a string as it is. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The body of a 200, as the REST API documents it. */
export function envelope(data: unknown): unknown {
  return { meta: { status: 'success', statusCode: 200 }, message: 'Get user success.', data };
}

/** Who fails by turns does so over all tests of a process. */
const answer = answerFrom(resources);

/** Answers as the embedded REST API does. */
export const answerFromDemoData: RestHandler = ({ method, url, headers }, response) => {
  const { statusCode, message, data } = answer(method, url, headers.authorization);
  sendJson(response, statusCode, { meta: { statusCode }, message, data });
};
