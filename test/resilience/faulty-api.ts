import { createServer, type Socket } from 'node:net';
import { readRequests } from '../faults/read-requests.ts';
import { always, closingAfter, echo, http, reset, silence, well } from '../faults/replies.ts';
import type { Script } from '../faults/scripted-api.ts';
import { listen } from '../support/listen.ts';

/** A REST API that every fifth time does something else than to answer well. */
export interface FaultyApi {
  readonly url: string;
  readonly requests: number;
  readonly faults: number;
  /** Connections that are open at the moment, and how many were at the most. */
  readonly sockets: number;
  readonly mostSockets: number;
  stop(): Promise<void>;
}

/** Every way to fail, in turn. The limit of a body is taken to be below 10,000 bytes. */
export const FAULTS: readonly Script[] = [
  reset,
  closingAfter(''),
  always(http(500, 'Server Error')),
  always(http(502, '<html>Bad Gateway</html>', { 'content-type': 'text/html' })),
  always(http(503, '', { 'retry-after': '0' })),
  always(http(429)),
  always(http(404)),
  always(http(401)),
  always(http(302, '', { location: '/elsewhere' })),
  always(http(204, '', { 'content-length': undefined })),
  always(http(200)),
  always(http(200, '{"data":{"_id":')),
  always(http(200, '<html></html>', { 'content-type': 'text/html' })),
  always(http(200, '{"meta":{"statusCode":500}}')),
  always(http(200, `{"data":{"_id":1,"firstName":[],"x":"${'y'.repeat(1000)}"}}`)),
  always(http(200, ' '.repeat(10_000))),
  always(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2710\r\n${' '.repeat(10_000)}\r\n0\r\n\r\n`),
  closingAfter('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data":'),
  ({ socket, ...request }) =>
    socket.write(http(200, echo({ socket, ...request }), { 'content-length': '5' })),
  (request) => request.socket.write(Buffer.concat([http(200, echo(request)), http(200, '{}')])),
  always('220 this is no HTTP\r\n'),
  always('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{'),
  silence,
];

/** Starts it on a free port of 127.0.0.1. */
export async function startFaultyApi(): Promise<FaultyApi> {
  const sockets = new Set<Socket>();
  let requests = 0;
  let faults = 0;
  let mostSockets = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    mostSockets = Math.max(mostSockets, sockets.size);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    readRequests(socket, (head) => {
      const number = ++requests;
      const script = number % 5 === 0 ? (FAULTS[faults++ % FAULTS.length] ?? well) : well;
      script({ ...head, number, socket });
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    get faults() {
      return faults;
    },
    get sockets() {
      return sockets.size;
    },
    get mostSockets() {
      return mostSockets;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
