import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ConnectionLimits } from '#http/connection-limits.ts';
import { createHttpServer } from '#http/http-server.ts';
import { type Layer, startLayer } from '../support/layer.ts';
import { startRestApi } from '../support/rest-api.ts';

/** The limits of a test that is not about them: nothing ends because of them. */
const NEVER = 600_000;
const patient: ConnectionLimits = {
  headersTimeoutMs: NEVER,
  requestTimeoutMs: NEVER,
  keepAliveTimeoutMs: NEVER,
  idleTimeoutMs: NEVER,
  checkIntervalMs: 20,
  maxConnections: 100,
};

function start(limits: Partial<ConnectionLimits>): Promise<Layer> {
  return startLayer({ start: { connectionLimits: { ...patient, ...limits } } });
}

function open({ url }: Pick<Layer, 'url'>): Socket {
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

const HEADERS = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const QUERY = '{"query":"{ __typename }"}';
const REQUEST = `${HEADERS}Content-Length: ${QUERY.length}\r\n\r\n${QUERY}`;

describe('a client is cut off', () => {
  test('that says nothing', async () => {
    const layer = await start({ headersTimeoutMs: 100 });
    expect(await untilClosed(open(layer))).toMatch(/^(HTTP\/1.1 408 |$)/);
  });

  test('that sends its headers a byte at a time', async () => {
    const socket = open(await start({ headersTimeoutMs: 100 }));
    socket.write('POST /graphql HTTP/1.1\r\nX-Slow: ');
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
    const socket = open(await start({ headersTimeoutMs: 100, requestTimeoutMs: 200 }));
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 10000\r\n\r\n',
    );
    drip(socket, ' ');
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1.1 415 /);
  });

  test('that has its answer and asks for nothing more', async () => {
    const socket = open(await start({ keepAliveTimeoutMs: 100 }));
    socket.write(REQUEST);
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1.1 200 .*"Query"\}\}\n$/s);
  });

  test('that begins a second request and does not end it', async () => {
    const socket = open(await start({ headersTimeoutMs: 100 }));
    socket.write(`${REQUEST}POST /graphql HTTP/1.1\r\n`);
    drip(socket, 'a');
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1.1 200 .*HTTP\/1.1 408 /s);
  });

  test('that does not read its answer', async () => {
    const connectionLimits = { ...patient, idleTimeoutMs: 200 };
    const server = await createHttpServer({
      maxRequestBytes: 1000,
      corsOrigins: [],
      logger: pino({ level: 'silent' }),
      connectionLimits,
    });
    onTestFinished(() => server.close());
    // More than any buffer on the way holds.
    server.get('/large', async () => 'a'.repeat(50_000_000));
    const connected = once(server.server, 'connection');
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    open({ url }).pause().write('GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [connection]: Socket[] = await connected;
    if (connection === undefined) throw new Error('Nobody connected');
    await expect(once(connection, 'close')).resolves.toBeDefined();
  });
});

test('a client that waits for a slow REST API is not cut off', async () => {
  const restApi = await startRestApi((_request, response) => {
    setTimeout(() => response.writeHead(404).end(), 600);
  });
  const limits = { ...patient, headersTimeoutMs: 100, requestTimeoutMs: 200, keepAliveTimeoutMs: 300 };
  const layer = await startLayer({ restApi, start: { connectionLimits: limits } });
  const answer = await layer.query('{ communityUser(communityId: "a", userId: "b") { _id } }');
  expect(answer).toMatchObject({ status: 200, data: { communityUser: null } });
});

test('connections beyond the most there may be are closed as they come', async () => {
  const layer = await start({ maxConnections: 2 });
  const first = open(layer);
  const second = open(layer);
  await Promise.all([once(first, 'connect'), once(second, 'connect')]);
  first.write(REQUEST);
  await once(first, 'data');
  expect(await untilClosed(open(layer))).toBe('');
  first.destroy();
  await once(first, 'close');
  second.write(REQUEST);
  expect(String(await once(second, 'data'))).toContain('200 OK');
});

test('what is pipelined is answered in order', async () => {
  const socket = open(await start({ keepAliveTimeoutMs: 100 }));
  socket.write(REQUEST.repeat(3));
  expect((await untilClosed(socket)).match(/"Query"/g)).toHaveLength(3);
});
