import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { HttpServer, type HttpServerOptions, type Route } from '#http/server.ts';

/** A server with routes of a test's own. */
export interface TestServer {
  /** Without a path: `http://127.0.0.1:49152`. */
  readonly url: string;
  readonly server: HttpServer;
  /** Messages that it logged. */
  readonly logged: readonly string[];
}

/** Starts a server on a free port of 127.0.0.1. It stops by itself at the end of the test that started it. */
export async function startServer(
  routes: readonly Route[],
  options: Partial<HttpServerOptions> = {},
): Promise<TestServer> {
  const logged: string[] = [];
  const logger = pino({}, { write: (line) => logged.push(JSON.parse(line).msg) });
  const server = new HttpServer({ routes, logger, ...options });
  const url = await server.listen({ host: '127.0.0.1', port: 0, portVariable: 'PORT' });
  onTestFinished(async () => void (await server.drain({ idleMs: 0, limitMs: 0 })));
  return { url, server, logged };
}
