import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Exchange, readBody } from '#http/exchange.ts';
import { startServer, type TestServer } from '../support/http-server.ts';

const MAX_BYTES = 1000;

/** Sends back what it reads, as JSON. */
function startEcho(maxBytes = MAX_BYTES): Promise<TestServer> {
  const handler = async (exchange: Exchange) =>
    exchange.send(200, {}, JSON.stringify(await readBody(exchange, maxBytes)));
  return startServer([{ path: '/echo', methods: ['POST'], handler }]);
}

async function post({ url }: TestServer, body: RequestInit['body'], encoding?: string) {
  const response = await fetch(`${url}/echo`, {
    method: 'POST',
    body: body ?? null,
    duplex: 'half',
    ...(encoding !== undefined && { headers: { 'content-encoding': encoding } }),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

const TEXT = '{"query":"{ ä € 😀 }"}';

const encodings = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};

/** Bytes of the heap that are in use once garbage was collected. */
function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  const gc: () => void = runInNewContext('gc');
  gc();
  return process.memoryUsage().heapUsed;
}

describe('a body is read', () => {
  test.each(Object.entries(encodings))('that is compressed with %s', async (encoding, compress) => {
    const server = await startEcho();
    expect(await post(server, compress(TEXT), encoding)).toMatchObject({ status: 200, body: TEXT });
  });

  test.each([undefined, 'identity', 'Identity'])('that is not compressed: %s', async (encoding) => {
    const server = await startEcho();
    expect(await post(server, TEXT, encoding)).toMatchObject({ status: 200, body: TEXT });
  });

  test('whose encoding is written in capitals', async () => {
    const server = await startEcho();
    expect(await post(server, gzipSync(TEXT), 'GZIP')).toMatchObject({ status: 200, body: TEXT });
  });

  test('that comes in pieces, be they parts of a character', async () => {
    const server = await startEcho();
    const bytes = Buffer.from(TEXT);
    const pieces = ReadableStream.from(Array.from(bytes, (byte) => Uint8Array.of(byte)));
    expect(await post(server, pieces)).toMatchObject({ status: 200, body: TEXT });
  });

  test('in several members of gzip', async () => {
    const server = await startEcho();
    const members = Buffer.concat([gzipSync(TEXT.slice(0, 3)), gzipSync(TEXT.slice(3))]);
    expect(await post(server, members, 'gzip')).toMatchObject({ status: 200, body: TEXT });
  });

  test('that is empty', async () => {
    const server = await startEcho();
    expect(await post(server, '')).toMatchObject({ status: 200, body: '' });
  });

  test('that begins with a byte order mark, without it', async () => {
    const server = await startEcho();
    expect(await post(server, `\ufeff${TEXT}`)).toMatchObject({ status: 200, body: TEXT });
  });

  test('in as little memory as it needs, be it sent a byte at a time', async () => {
    const size = 200_000;
    let received: Socket | undefined;
    const handler = async (exchange: Exchange) => {
      received = exchange.request.socket;
      exchange.send(200, {}, await readBody(exchange, size));
    };
    const { url } = await startServer([{ path: '/', methods: ['POST'], handler }]);
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const head =
      'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
    const body = '1\r\na\r\n'.repeat(size);
    const before = usedHeap();
    socket.write(head + body);
    await expect
      .poll(() => received?.bytesRead, { interval: 10, timeout: 120_000 })
      .toBe(head.length + body.length);
    expect(usedHeap() - before).toBeLessThan(10_000_000);
    socket.write('0\r\n\r\n');
    expect((await text(socket)).length).toBeGreaterThan(size);
  });

  test.each(Object.entries(encodings))(
    'of exactly the largest size, inflated: %s',
    async (encoding, compress) => {
      const server = await startEcho();
      const text = 'a'.repeat(MAX_BYTES);
      expect(await post(server, compress(text), encoding)).toMatchObject({ status: 200, body: text });
    },
  );
});

describe('a body is refused', () => {
  test.each(Object.entries(encodings))(
    'with 413 where it inflates to more: %s',
    async (encoding, compress) => {
      const server = await startEcho();
      const answer = await post(server, compress('a'.repeat(MAX_BYTES + 1)), encoding);
      expect(answer).toMatchObject({
        status: 413,
        body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
      });
    },
  );

  test('with 413 where it is larger as it comes', async () => {
    const server = await startEcho();
    expect(await post(server, 'a'.repeat(MAX_BYTES + 1))).toMatchObject({ status: 413 });
    expect(await post(server, gzipSync(randomBytes(MAX_BYTES)), 'gzip')).toMatchObject({ status: 413 });
  });

  test('without being inflated past the limit', async () => {
    const server = await startEcho(2_000_000);
    // Less than 2 MB, and 100 MB once inflated.
    const bomb = gzipSync(Buffer.alloc(100_000_000), { level: 1 });
    const before = process.memoryUsage.rss();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(server, bomb, 'gzip')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
    expect(process.memoryUsage.rss() - before).toBeLessThan(500_000_000);
  });

  test.each([
    ['gzip that breaks off', 'gzip', gzipSync(TEXT).subarray(0, -5)],
    [
      'gzip with a wrong checksum',
      'gzip',
      Buffer.concat([gzipSync(TEXT).subarray(0, -8), Buffer.alloc(8, 1)]),
    ],
    ['more than gzip', 'gzip', Buffer.concat([gzipSync(TEXT), Buffer.from('more')])],
    ['more than deflate', 'deflate', Buffer.concat([deflateSync(TEXT), Buffer.from('more')])],
    ['more than br', 'br', Buffer.concat([brotliCompressSync(TEXT), Buffer.from('more')])],
    ['no gzip', 'gzip', Buffer.from(TEXT)],
    ['nothing, as gzip', 'gzip', Buffer.alloc(0)],
    ['deflate without the zlib format', 'deflate', deflateRawSync(TEXT)],
    ['br that breaks off', 'br', brotliCompressSync(TEXT).subarray(0, -2)],
    ['what is no UTF-8', undefined, Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ['what is no UTF-8 once inflated', 'gzip', gzipSync(Buffer.from([0x22, 0xc3, 0x28, 0x22]))],
    ['half a character', undefined, Buffer.from('"€"').subarray(0, 2)],
  ])('with 400 where it holds %s', async (_what, encoding, body) => {
    const server = await startEcho();
    expect(await post(server, body, encoding)).toMatchObject({
      status: 400,
      body: { errors: [{ message: expect.stringContaining('The body of the request') }] },
    });
    expect(server.logged).toEqual([]);
  });

  test.each(['zstd', 'compress', 'gzip, gzip', 'gzip, identity', 'gzip, br', 'nonsense', 'constructor'])(
    'with 415 and a list of encodings where it is compressed with %s',
    async (encoding) => {
      const server = await startEcho();
      const answer = await post(server, gzipSync(TEXT), encoding);
      expect(answer.status).toBe(415);
      expect(answer.headers.get('accept-encoding')).toBe('gzip, deflate, br');
    },
  );

  test('and the connection takes the next request', async () => {
    const { url } = await startEcho();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    const head = 'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: ';
    const answers = socket.setEncoding('utf8').iterator({ destroyOnReturn: false });
    socket.write(`${head}100000\r\n\r\n`);
    expect((await answers.next()).value).toMatch(/^HTTP\/1.1 413 /);
    socket.write('a'.repeat(100_000));
    socket.write(`${head}2\r\n\r\n{}`);
    expect((await answers.next()).value).toMatch(/^HTTP\/1.1 200 .*"{}"$/s);
  });
});

test('a client that leaves while it sends a body ends the reading', async () => {
  const failed = Promise.withResolvers<unknown>();
  const { url, logged } = await startServer([
    {
      path: '/echo',
      methods: ['POST'],
      handler: async (exchange) => {
        exchange.request.once('data', () => socket.destroy());
        await readBody(exchange, MAX_BYTES).catch((error: unknown) => {
          failed.resolve(error);
          throw error;
        });
      },
    },
  ]);
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write('POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{');
  expect(await failed.promise).toMatchObject({ status: 400 });
  expect(logged).toEqual([]);
});
