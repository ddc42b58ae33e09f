import { Server as TcpServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

export interface DrainTimes {
  /** How long connections that are idle stay open, for requests that are on their way over them. */
  readonly idleMs: number;
  /** How long requests in flight may take. */
  readonly limitMs: number;
}

/** How often to look for connections that fell idle. */
const LOOK_MS = 50;

/**
 * Stops a server: takes no more connections, lets the requests in flight finish, and closes the connections. False where
 * some were cut off, since the limit had passed.
 */
export async function drain(server: FastifyInstance, { idleMs, limitMs }: DrainTimes): Promise<boolean> {
  const { server: http } = server;
  await untilNobodyConnects(http);
  // The listener alone: `close` of an HTTP server closes idle connections at once, though a request may be on its way
  // over one of them, and stops watching for clients that never finish theirs.
  const closed = new Promise<void>((resolve) => TcpServer.prototype.close.call(http, () => resolve()));
  let complete = true;
  let look: NodeJS.Timeout | undefined;
  const grace = setTimeout(() => {
    http.closeIdleConnections();
    look = setInterval(() => http.closeIdleConnections(), LOOK_MS);
  }, idleMs);
  const limit = setTimeout(() => {
    complete = false;
    http.closeAllConnections();
  }, limitMs);
  await closed;
  clearTimeout(grace);
  clearInterval(look);
  clearTimeout(limit);
  await server.close();
  return complete;
}

/** How long to wait for that at the most. */
const MOST_TURNS = 200;

/**
 * Waits for a turn of the event loop that brings no connection. Those that the kernel has made, but we have not accepted,
 * are reset when the listener closes: right after such a turn there are none but of the last moment.
 */
async function untilNobodyConnects(http: FastifyInstance['server']): Promise<void> {
  let connected = false;
  const onConnection = () => {
    connected = true;
  };
  http.on('connection', onConnection);
  await setImmediate();
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    connected = false;
    await setImmediate();
    if (!connected) break;
  }
  http.off('connection', onConnection);
}
