import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RequestError } from '#graphql/pipeline/reply.ts';
import type { Exchange } from '#http/exchange.ts';
import { HttpServer, type Route } from '#http/server.ts';
import { sendRaw } from '../security/raw-http.ts';
import { startServer } from '../support/http-server.ts';

const HOST = 'Host: localhost\n';
const CLOSE = 'Connection: close\n';

/** A route that says which one it is, and what it was asked. */
function route(path: string, methods: readonly string[] = ['GET', 'HEAD']): Route {
  const handler = (exchange: Exchange) =>
    exchange.send(200, { 'content-type': 'text/plain' }, `${path} ${exchange.path} ${exchange.search}`);
  return { path, methods, handler };
}

async function ask(url: string, target: string, method = 'GET', headers = HOST) {
  return await sendRaw(url, `${method} ${target} HTTP/1.1\n${headers}${CLOSE}\n`);
}

describe('a route', () => {
  test.each([
    ['/there', '/there /there '],
    ['/there?', '/there /there ?'],
    ['/there?a=1?b', '/there /there ?a=1?b'],
    ['/there/', '/there /there/ '],
    ['/%74here', '/there /%74here '],
    ['http://localhost/there?a', '/there /there ?a'],
    ['/files/a.js', '/files/* /files/a.js '],
    ['/files/1/a.js', '/files/* /files/1/a.js '],
  ])('is found for %s', async (target, body) => {
    const { url } = await startServer([route('/there'), route('/files/*')]);
    expect(await ask(url, target)).toMatchObject({ status: 200, body });
  });

  test.each(['/', '/there/more', '//there', '/THERE', '/there%2f', '/files', '/filesa', '*', '/__proto__'])(
    'is not found for %s',
    async (target) => {
      const { url } = await startServer([route('/there'), route('/files/*')]);
      expect(await ask(url, target)).toMatchObject({
        status: 404,
        body: expect.stringContaining('"code":"NOT_FOUND"'),
      });
    },
  );

  test('answers only its methods, and names them', async () => {
    const { url } = await startServer([route('/there', ['GET', 'POST'])]);
    for (const method of ['PUT', 'PATCH', 'DELETE', 'HEAD', 'TRACE']) {
      expect(await ask(url, '/there', method)).toMatchObject({
        status: 405,
        headers: { allow: 'GET, POST' },
      });
    }
    expect(await ask(url, '/there', 'OPTIONS')).toMatchObject({
      status: 204,
      headers: { allow: 'GET, POST' },
    });
  });

  test('answers HEAD with the headers of GET, and no body', async () => {
    const { url } = await startServer([route('/there')]);
    const { body, headers } = await ask(url, '/there');
    expect(await ask(url, '/there', 'HEAD')).toMatchObject({
      status: 200,
      headers: { 'content-length': headers['content-length'], 'content-type': 'text/plain' },
      body: '',
    });
    expect(body.length).toBe(Number(headers['content-length']));
  });

  test('may keep its response in caches', async () => {
    const handler = (exchange: Exchange) => exchange.send(200, { 'cache-control': 'public' }, '');
    const { url } = await startServer([{ path: '/kept', methods: ['GET'], handler }]);
    expect((await fetch(`${url}/kept`)).headers.get('cache-control')).toBe('public');
  });

  test('sends bytes as they are', async () => {
    const bytes = Buffer.from([0, 255, 128]);
    const handler = (exchange: Exchange) => exchange.send(200, {}, bytes);
    const { url } = await startServer([{ path: '/bytes', methods: ['GET'], handler }]);
    expect(Buffer.from(await (await fetch(`${url}/bytes`)).arrayBuffer())).toEqual(bytes);
  });
});

describe('what a handler throws', () => {
  test('is answered where it is a refusal, with its headers', async () => {
    const handler = async () => {
      throw new RequestError(503, 'Later.', {
        code: 'OVERLOADED',
        retryable: true,
        headers: { 'retry-after': '1' },
      });
    };
    const { url, logged } = await startServer([{ path: '/busy', methods: ['GET'], handler }]);
    const response = await fetch(`${url}/busy`, { headers: { 'x-request-id': 'mine' } });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toEqual({
      errors: [{ message: 'Later.', extensions: { code: 'OVERLOADED', retryable: true, requestId: 'mine' } }],
    });
    expect(logged).toEqual([]);
  });

  test.each([
    [
      'at once',
      () => {
        throw new Error('the password is swordfish');
      },
    ],
    ['later', () => Promise.reject(new TypeError('the password is swordfish'))],
  ])('is logged, and not told, where nobody foresaw it: %s', async (_, handler) => {
    const { url, logged } = await startServer([{ path: '/broken', methods: ['GET'], handler }]);
    const response = await fetch(`${url}/broken`);
    expect(response.status).toBe(500);
    const body = await response.text();
    expect(body).toContain('"message":"Internal server error"');
    expect(body).not.toContain('swordfish');
    expect(logged).toEqual(['unexpected error']);
  });
});

describe('the Host header', () => {
  test.each([
    ['two that differ', 'Host: a\nHost: b\n'],
    ['two that are the same', 'Host: localhost\nHost: localhost\n'],
    ['two in different letters', 'Host: localhost\nHOST: localhost\n'],
    ['none', ''],
  ])('must come once: %s', async (_, headers) => {
    const { url } = await startServer([route('/there')]);
    expect(await ask(url, '/there', 'GET', headers)).toMatchObject({
      status: 400,
      headers: { 'x-request-id': expect.any(String) },
      body: expect.stringContaining('Host'),
    });
  });

  test('may be missing in HTTP/1.0', async () => {
    const { url } = await startServer([route('/there')]);
    expect(await sendRaw(url, 'GET /there HTTP/1.0\n\n')).toMatchObject({ status: 200 });
  });
});

test('an expectation that cannot be met is refused', async () => {
  const { url } = await startServer([route('/there')]);
  expect(await ask(url, '/there', 'GET', `${HOST}Expect: a miracle\n`)).toMatchObject({
    status: 417,
    headers: { 'x-request-id': expect.any(String), 'cache-control': 'no-store' },
  });
});

test('a second Authorization header is not dropped', async () => {
  const handler = (exchange: Exchange) =>
    exchange.send(200, {}, exchange.request.headers.authorization ?? '');
  const { url } = await startServer([{ path: '/who', methods: ['GET'], handler }]);
  const headers = `${HOST}Authorization: Bearer a\nAuthorization: Bearer b\n`;
  expect(await ask(url, '/who', 'GET', headers)).toMatchObject({ body: 'Bearer a, Bearer b' });
});

describe('a client that pipelines', () => {
  const request = 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n';

  function open(url: string): Socket {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    return socket;
  }

  test('gets its first answer, is told that it was the last one, and is disconnected', async () => {
    let handled = 0;
    const release = Promise.withResolvers<void>();
    const handler = async (exchange: Exchange) => {
      handled++;
      await release.promise;
      exchange.send(200, {}, 'first');
    };
    const { url } = await startServer([{ path: '/slow', methods: ['GET'], handler }]);
    const socket = open(url);
    socket.write(request.repeat(20), () => release.resolve());
    const answer = await text(socket);
    expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
    expect(answer).toMatch(/\r\nconnection: close\r\n.*first$/s);
    expect(handled).toBe(1);
  });

  test('is disconnected too where the first answer was out already', async () => {
    const handler = (exchange: Exchange) => exchange.send(200, {}, 'first');
    const { url } = await startServer([{ path: '/slow', methods: ['GET'], handler }]);
    const socket = open(url);
    socket.write(request.repeat(20));
    expect((await text(socket)).match(/HTTP\/1.1 200/g)).toHaveLength(1);
  });

  test('is not read any further, also where its requests have bodies', async () => {
    const closed = Promise.withResolvers<number>();
    const handler = async (exchange: Exchange) => {
      const { socket } = exchange.request;
      socket.once('close', () => closed.resolve(socket.bytesRead));
      await text(exchange.request);
      // More turns of the event loop than it takes to read all that came.
      for (let turn = 0; turn < 100; turn++) await setImmediate();
      exchange.send(200, {}, 'first');
    };
    const { url } = await startServer([{ path: '/slow', methods: ['POST'], handler }]);
    const socket = open(url).on('error', () => {});
    const body = 'a'.repeat(1000);
    const post = `POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    socket.write(post.repeat(5000));
    expect(await closed.promise).toBeLessThan(500_000);
  });

  test('is told from one that sends one request after the other', async () => {
    const handler = (exchange: Exchange) => exchange.send(200, {}, 'a'.repeat(1_000_000));
    const { url } = await startServer([{ path: '/slow', methods: ['GET'], handler }]);
    const socket = open(url);
    let received = 0;
    let asked = 1;
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received < asked * 1_000_000) return;
      if (asked++ < 20) socket.write(request);
      else socket.end();
    });
    socket.write(request);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(received).toBeGreaterThan(20_000_000);
  });
});

test('while it drains, every answer says that it was the last one', async () => {
  const { url, server } = await startServer([route('/there')]);
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  const answers = socket.setEncoding('utf8').iterator({ destroyOnReturn: false });
  const get = () => socket.write('GET /there HTTP/1.1\r\nHost: localhost\r\n\r\n');
  get();
  expect((await answers.next()).value).toContain('Connection: keep-alive');
  const drained = server.drain({ idleMs: 60_000, limitMs: 60_000 });
  get();
  expect((await answers.next()).value).toContain('connection: close');
  expect(await drained).toBe(true);
});

test('a port that is taken is named in a sentence', async () => {
  const { url } = await startServer([]);
  const port = Number(new URL(url).port);
  const server = new HttpServer({ routes: [], logger: pino({ level: 'silent' }) });
  await expect(server.listen({ host: '127.0.0.1', port, portVariable: 'ADMIN_PORT' })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is already in use: stop what listens there, or set ADMIN_PORT to another port`,
  );
});
