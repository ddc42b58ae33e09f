import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ConnectionLimits } from '#http/connections.ts';
import { type Exchange, readBody } from '#http/exchange.ts';
import { startServer, type TestServer } from '../support/http-server.ts';
import { startLayer } from '../support/layer.ts';
import { startRestApi } from '../support/rest-api.ts';

/** The limits of a test that is not about them: nothing ends because of them. */
const NEVER = 600_000;
const patient: ConnectionLimits = {
  headersTimeoutMs: NEVER,
  requestTimeoutMs: NEVER,
  keepAliveTimeoutMs: NEVER,
  idleTimeoutMs: NEVER,
  readTimeoutMs: NEVER,
  checkIntervalMs: 20,
  maxConnections: 100,
};

interface SlowTestServer extends TestServer {
  /** Resolves once it has closed a connection that it sent a large answer over. */
  readonly largeClosed: Promise<void>;
}

/** A server that sends what a body says, or a great deal. */
async function start(limits: Partial<ConnectionLimits>): Promise<SlowTestServer> {
  const closed = Promise.withResolvers<void>();
  const echo = async (exchange: Exchange) => exchange.send(200, {}, await readBody(exchange, 20_000));
  const large = (exchange: Exchange) => {
    exchange.request.socket.once('close', () => closed.resolve());
    exchange.send(200, {}, LARGE);
  };
  const routes = [
    { path: '/echo', methods: ['POST'], handler: echo },
    { path: '/large', methods: ['GET'], handler: large },
  ];
  const server = await startServer(routes, { limits: { ...patient, ...limits } });
  return { ...server, largeClosed: closed.promise };
}

/** More than any buffer on the way holds. */
const LARGE = 'a'.repeat(50_000_000);

const GET_LARGE = 'GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n';

function open({ url }: TestServer): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Sends a byte every few milliseconds for as long as anybody listens: never done, and never silent. */
function drip(socket: Socket, byte: string): void {
  const timer = setInterval(() => socket.write(byte), 10);
  socket.once('close', () => clearInterval(timer));
}

/** All that the server had to say, once it has closed the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

const HEADERS = 'POST /echo HTTP/1.1\r\nHost: localhost\r\n';
const REQUEST = `${HEADERS}Content-Length: 4\r\n\r\nbody`;

describe('a client is cut off', () => {
  test('that says nothing', async () => {
    const server = await start({ headersTimeoutMs: 100 });
    expect(await untilClosed(open(server))).toMatch(/^(HTTP\/1.1 408 |$)/);
  });

  test('that sends its headers a byte at a time', async () => {
    const socket = open(await start({ headersTimeoutMs: 100 }));
    socket.write('POST /echo HTTP/1.1\r\nX-Slow: ');
    drip(socket, 'a');
    const answer = await untilClosed(socket);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('"code":"BAD_REQUEST"');
  });

  test('that sends its body a byte at a time', async () => {
    const socket = open(await start({ headersTimeoutMs: 100, requestTimeoutMs: 200 }));
    socket.write(`${HEADERS}Content-Length: 10000\r\n\r\n`);
    drip(socket, ' ');
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1.1 408 /);
  });

  test('that sends its body in chunks of one byte', async () => {
    const socket = open(await start({ headersTimeoutMs: 100, requestTimeoutMs: 200 }));
    socket.write(`${HEADERS}Transfer-Encoding: chunked\r\n\r\n`);
    drip(socket, '1\r\n \r\n');
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1.1 408 /);
  });

  test('that goes on to send a body that was refused', async () => {
    // Long enough for its headers to be read, however busy the machine is.
    const socket = open(await start({ headersTimeoutMs: 1000, requestTimeoutMs: 1000 }));
    socket.write(`${HEADERS}Content-Length: 100000\r\n\r\n`);
    drip(socket, ' ');
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1.1 413 /);
  });

  test('that has its answer and asks for nothing more', async () => {
    const socket = open(await start({ keepAliveTimeoutMs: 100 }));
    socket.write(REQUEST);
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1.1 200 .*body$/s);
  });

  test('that begins a second request and does not end it', async () => {
    const socket = open(await start({ headersTimeoutMs: 1000 }));
    socket.write(`${REQUEST}POST /echo HTTP/1.1\r\n`);
    drip(socket, 'a');
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1.1 200 .*HTTP\/1.1 408 /s);
  });

  test('that does not read its answer', async () => {
    const server = await start({ idleTimeoutMs: 200 });
    open(server).pause().write(GET_LARGE);
    await server.largeClosed;
  });

  test('that reads its answer a little at a time', async () => {
    const server = await start({ readTimeoutMs: 300 });
    const socket = open(server);
    socket.write(GET_LARGE);
    // Never idle, and never done.
    const timer = setInterval(() => socket.read(1000), 10);
    socket.on('readable', () => {});
    await server.largeClosed;
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(timer);
  });
});

test('a client that reads its answer in time keeps its connection', async () => {
  const server = await start({ readTimeoutMs: 60_000 });
  const socket = open(server);
  let received = 0;
  socket.on('data', (chunk) => {
    received += chunk.length;
    if (received > 2 * LARGE.length) socket.end();
    else if (received > LARGE.length && received - chunk.length <= LARGE.length) socket.write(GET_LARGE);
  });
  socket.write(GET_LARGE);
  await once(socket, 'close');
  expect(received).toBeGreaterThan(2 * LARGE.length);
});

test('a client that waits for a slow REST API is not cut off', async () => {
  const restApi = await startRestApi((_request, response) => {
    setTimeout(() => response.writeHead(404).end(), 1500);
  });
  const limits = { ...patient, headersTimeoutMs: 1000, requestTimeoutMs: 1000, keepAliveTimeoutMs: 1000 };
  const layer = await startLayer({ restApi, start: { connectionLimits: limits } });
  const answer = await layer.query('{ communityUser(communityId: "a", userId: "b") { _id } }');
  expect(answer).toMatchObject({ status: 200, data: { communityUser: null } });
});

test('connections beyond the most there may be are closed as they come', async () => {
  const server = await start({ maxConnections: 2 });
  const first = open(server);
  const second = open(server);
  await Promise.all([once(first, 'connect'), once(second, 'connect')]);
  first.write(REQUEST);
  await once(first, 'data');
  expect(await untilClosed(open(server))).toBe('');
  first.destroy();
  await once(first, 'close');
  second.write(REQUEST);
  expect(String(await once(second, 'data'))).toContain('200 OK');
});
