import { once } from 'node:events';
import type { Server } from 'node:http';
import { StartError } from './start-error.ts';

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
    throw new StartError(reasonOf(error, address), { cause: error });
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
