import { HttpConnection } from './http-connection.ts';

/** A POST to the GraphQL endpoint with this JSON body, as bytes for a socket. */
export function postBytes(body: string, token: string): Buffer {
  const head = [
    'POST /graphql HTTP/1.1',
    'host: 127.0.0.1',
    'connection: keep-alive',
    'content-type: application/json',
    'accept: application/json',
    `authorization: Bearer ${token}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * Sends each body once, one after the other over one connection, and waits for every answer. Gives the beginnings of those
 * answers that were no 200 without `errors`.
 */
export async function sendInTurn(port: number, bodies: Iterable<string>): Promise<string[]> {
  const connection = await HttpConnection.open(port);
  const faults: string[] = [];
  try {
    for (const body of bodies) {
      const answered = Promise.withResolvers<string | undefined>();
      connection.onAnswer = answered.resolve;
      connection.onBroken = answered.reject;
      connection.send(postBytes(body, 'bench-token'));
      const fault = await answered.promise;
      if (fault !== undefined) faults.push(fault);
    }
  } finally {
    connection.close();
  }
  return faults;
}
