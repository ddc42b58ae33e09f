import { once } from 'node:events';
import type { Server } from 'node:http';
import { Server as TcpServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { StartError } from '#graphql/start-error.ts';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The environment variable that the port comes from, for messages. */
  readonly portVariable: string;
}

/**
 * Listens; gives the address as a client would write it.
 * @throws StartError where that is not possible
 */
export async function listen(server: Server, address: Address): Promise<string> {
  const { host, port } = address;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new StartError(reasonOf(error, address));
  }
  const bound = server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`;
}

function reasonOf(error: unknown, { host, port, portVariable }: Address): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is already in use: stop what listens there, or set ${portVariable} to another port (0 takes a free one).`;
    case 'EACCES':
      return `Port ${port} on ${host} is not open to this user: set ${portVariable} to a port above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST is ${host}, which is not an address of this machine.`;
    default:
      return `Port ${port} on ${host} (${portVariable}) cannot be listened on: ${code}.`;
  }
}

export interface DrainTimes {
  /** How long connections that are idle stay open, for requests that are on their way over them. */
  readonly idleMs: number;
  /** How long requests in flight may take. */
  readonly limitMs: number;
}

/** Where nobody says otherwise. */
const IMPATIENT: DrainTimes = { idleMs: 0, limitMs: 1000 };

/** How often to look for connections that fell idle. */
const POLL_INTERVAL_MS = 50;

/**
 * Stops a server: takes no more connections, lets the requests in flight finish, and closes the connections. False where
 * some were cut off, since the limit had passed.
 */
export async function drain(server: Server, { idleMs, limitMs } = IMPATIENT): Promise<boolean> {
  await untilNobodyConnects(server);
  // The listener alone: `close` of an HTTP server closes idle connections at once, though a request may be on its way
  // over one of them, and stops watching for clients that never finish theirs.
  const closed = new Promise<void>((resolve) => TcpServer.prototype.close.call(server, () => resolve()));
  let complete = true;
  let poll: NodeJS.Timeout | undefined;
  const grace = setTimeout(() => {
    server.closeIdleConnections();
    poll = setInterval(() => server.closeIdleConnections(), POLL_INTERVAL_MS);
  }, idleMs);
  const limit = setTimeout(() => {
    complete = false;
    server.closeAllConnections();
  }, limitMs);
  await closed;
  clearTimeout(grace);
  clearInterval(poll);
  clearTimeout(limit);
  // Now for what else it does: it ends the timer that watches the connections.
  server.close();
  return complete;
}

/** How long to wait for that at the most. */
const MAX_TURNS = 200;

/**
 * Waits for a turn of the event loop that brings no connection. Those that the kernel has made, but we have not accepted,
 * are reset when the listener closes: right after such a turn there are none but of the last moment.
 */
async function untilNobodyConnects(server: Server): Promise<void> {
  let connected = false;
  const onConnection = () => {
    connected = true;
  };
  server.on('connection', onConnection);
  await setImmediate();
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    connected = false;
    await setImmediate();
    if (!connected) break;
  }
  server.off('connection', onConnection);
}
