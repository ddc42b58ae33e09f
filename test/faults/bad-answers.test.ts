import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { askUser, startScene } from './ask.ts';
import { always, closingAfter, found, http, inTurn, SECRET, well } from './replies.ts';
import type { Script } from './scripted-api.ts';
import { startScriptedApi } from './scripted-api.ts';

const good = found({ _id: 'u1', firstName: 'Ann' });

/** What the REST API does; how often it is asked for it, with three tries allowed. */
const unusable: Record<string, { script: Script; gets: number }> = {
  'JSON that ends too soon': { script: always(http(200, `{"data":{"_id":"${SECRET}"`)), gets: 1 },
  'text that is no JSON': { script: always(http(200, SECRET)), gets: 1 },
  'broken UTF-8': { script: always(http(200, Buffer.from([...Buffer.from(good), 0xc3, 0x28]))), gets: 1 },
  'UTF-16': { script: always(http(200, Buffer.from(`\ufeff${good}`, 'utf16le'))), gets: 1 },
  'an empty 200': { script: always(http(200)), gets: 1 },
  'a 200 of HTML': {
    script: always(http(200, `<html>${SECRET}</html>`, { 'content-type': 'text/html' })),
    gets: 1,
  },
  'good JSON that says it is HTML': {
    script: always(http(200, good, { 'content-type': 'text/html' })),
    gets: 1,
  },
  'a 200 without data': { script: always(http(200, '{"meta":{"statusCode":200}}')), gets: 1 },
  'a 200 whose data is null': { script: always(http(200, found(null))), gets: 1 },
  'a 200 whose data is an array': { script: always(http(200, found([{ _id: 'u1' }]))), gets: 1 },
  'a 200 whose data is a string': { script: always(http(200, found(SECRET))), gets: 1 },
  'a 200 that is an array': { script: always(http(200, `[${good}]`)), gets: 1 },
  'a 200 that is null': { script: always(http(200, 'null')), gets: 1 },
  'a 200 whose meta says 302': { script: always(http(200, found({}, { statusCode: 302 }))), gets: 1 },
  'a 204': { script: always(http(204, '', { 'content-length': undefined })), gets: 1 },
  'a 201': { script: always(http(201, good)), gets: 1 },
  'a 206': { script: always(http(206, good)), gets: 1 },
  'a 304': { script: always(http(304, '', { 'content-length': undefined })), gets: 1 },
  'a 402': { script: always(http(402, SECRET)), gets: 1 },
  'a compressed body': {
    script: always(http(200, gzipSync(good), { 'content-encoding': 'gzip' })),
    gets: 1,
  },
  'a body longer than it says': {
    script: always(http(200, good, { 'content-length': String(good.length - 5) })),
    gets: 1,
  },
  'a body shorter than it says': {
    script: closingAfter(http(200, good, { 'content-length': String(good.length + 5) })),
    gets: 3,
  },
  'a body that breaks off': {
    script: closingAfter(http(200, good.slice(0, 40), { 'content-length': '99' })),
    gets: 3,
  },
  'a chunked body that breaks off': {
    script: closingAfter('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"dat\r\n'),
    gets: 3,
  },
  'chunks that are none': {
    script: always('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{"dat\r\n'),
    gets: 3,
  },
  'two lengths': {
    script: always(`HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n{}  `),
    gets: 3,
  },
  'something that is no HTTP': { script: always(`SSH-2.0-${SECRET}\r\n`), gets: 3 },
  'headers without end': { script: always(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(40_000)}`), gets: 3 },
  'a switch of protocols': {
    script: always('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    gets: 3,
  },
};

for (const [name, { script, gets }] of Object.entries(unusable)) {
  test(`${name}: UPSTREAM_BAD_RESPONSE after ${gets} GETs, and the next user is served`, async () => {
    let faulty = true;
    const scene = await startScene((request) => (faulty ? script : well)(request));

    expect(await askUser(scene)).toMatchObject({
      user: null,
      code: 'UPSTREAM_BAD_RESPONSE',
      retryable: true,
    });
    expect(scene.api.requests).toHaveLength(gets);

    faulty = false;
    expect((await askUser(scene)).user).toEqual({ _id: 'u1', firstName: 'firstName' });
  });
}

const mapped: Record<string, { body: string; expected: object; gets: number }> = {
  '400': {
    body: found(undefined, { statusCode: 400 }),
    expected: { code: 'BAD_USER_INPUT', retryable: false },
    gets: 1,
  },
  '401': {
    body: found(undefined, { statusCode: 401 }),
    expected: { code: 'UNAUTHENTICATED', retryable: false },
    gets: 1,
  },
  '403': {
    body: found({ _id: 'u1' }, { statusCode: 403 }),
    expected: { code: 'FORBIDDEN', retryable: false },
    gets: 1,
  },
  '404': {
    body: found({ _id: 'u1' }, { statusCode: 404 }),
    expected: { user: null, code: undefined },
    gets: 1,
  },
  '429': {
    body: found(null, { statusCode: 429 }),
    expected: { code: 'RATE_LIMITED', retryable: true },
    gets: 3,
  },
  '500': {
    body: found(null, { statusCode: 500 }),
    expected: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    gets: 3,
  },
};

for (const [status, { body, expected, gets }] of Object.entries(mapped)) {
  test(`a 200 whose meta says ${status} counts as a ${status}`, async () => {
    const scene = await startScene(always(http(200, body)));

    expect(await askUser(scene)).toMatchObject({ user: null, ...expected });
    expect(scene.api.requests).toHaveLength(gets);
  });
}

test('a byte order mark in front of the JSON is passed over', async () => {
  const scene = await startScene(always(http(200, `\ufeff${good}`)));

  expect(await askUser(scene)).toMatchObject({ user: { _id: 'u1', firstName: 'Ann' }, code: undefined });
});

test('a 200 without meta and without a content type is taken', async () => {
  const body = '{"data":{"_id":"u1","firstName":"Ann"}}';
  const scene = await startScene(always(http(200, body, { 'content-type': undefined })));

  expect(await askUser(scene)).toMatchObject({ user: { _id: 'u1', firstName: 'Ann' }, code: undefined });
});

test('a body that is said not to be compressed is taken, however that is spelled', async () => {
  const scene = await startScene(always(http(200, good, { 'content-encoding': 'Identity' })));

  expect(await askUser(scene)).toMatchObject({ user: { _id: 'u1', firstName: 'Ann' }, code: undefined });
});

test('a body in many pieces, cut within a character, is one body', async () => {
  const bytes = http(200, found({ _id: 'u1', firstName: 'Zoë 😀' }));
  const scene = await startScene(({ socket }) => {
    let sent = 0;
    const next = () => {
      if (sent < bytes.length) socket.write(bytes.subarray(sent, ++sent), () => setImmediate(next));
    };
    next();
  });

  expect((await askUser(scene)).user).toEqual({ _id: 'u1', firstName: 'Zoë 😀' });
});

test('a body in as many chunks as it may have bytes holds up nobody', async () => {
  const body = good.padEnd(262_144);
  const chunks = Array.from(body, (character) => `1\r\n${character}\r\n`).join('');
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
  const scene = await startScene(always(`${head}${chunks}0\r\n\r\n`), { UPSTREAM_ATTEMPTS: '1' });

  expect(await askUser(scene)).toMatchObject({ user: { _id: 'u1', firstName: 'Ann' }, code: undefined });
});

test('an answer that ends with its connection is taken', async () => {
  const scene = await startScene(
    closingAfter(http(200, good, { 'content-length': undefined, connection: 'close' })),
  );

  expect((await askUser(scene)).user).toEqual({ _id: 'u1', firstName: 'Ann' });
});

test('a wrong type spoils its own field alone', async () => {
  const data = { _id: 'u1', id: '5', firstName: ['Ann'], lastName: 'Lee', isOnline: 'yes' };
  const scene = await startScene(always(http(200, found(data))));
  const { data: answer, errors } = await scene.layer.query(
    '{ communityUser(communityId: "c1", userId: "u1") { _id id firstName lastName isOnline } }',
  );

  expect(answer).toEqual({
    communityUser: { _id: 'u1', id: null, firstName: null, lastName: 'Lee', isOnline: null },
  });
  expect(
    errors?.map(({ path, extensions }) => [path?.at(-1), extensions.code, extensions.retryable]),
  ).toEqual([
    ['id', 'UPSTREAM_BAD_RESPONSE', true],
    ['firstName', 'UPSTREAM_BAD_RESPONSE', true],
    ['isOnline', 'UPSTREAM_BAD_RESPONSE', true],
  ]);
});

test('fields that nobody asked for, __proto__ and constructor among them, get nowhere', async () => {
  const body = `{"__proto__":{"polluted":1},"data":{"_id":"u1","firstName":"Ann","email":"${SECRET}",
    "__proto__":{"polluted":1,"lastName":"Lee"},"constructor":{"prototype":{"polluted":1}}}}`;
  const scene = await startScene(always(http(200, body)));

  expect((await askUser(scene, '_id firstName lastName isWithheld(field: lastName)')).user).toEqual({
    _id: 'u1',
    firstName: 'Ann',
    lastName: null,
    isWithheld: true,
  });
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test('an answer about somebody else is not shown, be the id asked for or not', async () => {
  const asked = '61100af5c548eb5c7ebc7819';
  const other = '61100af5c548eb5c7ebc7820';
  const scene = await startScene(always(http(200, found({ _id: other, firstName: SECRET }))));

  for (const fields of ['_id firstName', 'firstName']) {
    expect(await askUser(scene, fields, asked)).toMatchObject({ user: null, code: 'UPSTREAM_BAD_RESPONSE' });
  }
  expect((await askUser(scene, '_id', other.toUpperCase())).user).toEqual({ _id: other });
});

test('a redirect is not followed, and no other server sees the token', async () => {
  const elsewhere = await startScriptedApi(well);
  for (const status of [301, 302, 303, 307, 308]) {
    for (const location of ['/apis/v1/other', `${elsewhere.url}/apis/v1/other`]) {
      const scene = await startScene(always(http(status, SECRET, { location })));

      expect(await askUser(scene)).toMatchObject({
        user: null,
        code: 'UPSTREAM_BAD_RESPONSE',
        retryable: true,
      });
      expect(scene.api.requests).toHaveLength(1);
    }
  }
  expect(elsewhere.openedSockets).toBe(0);
});

test('a body over the limit is refused by its announced length, before it comes', async () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2001\r\n\r\n';
  const scene = await startScene(always(head), { UPSTREAM_MAX_BODY_BYTES: '2000' });

  expect(await askUser(scene)).toMatchObject({ user: null, code: 'UPSTREAM_BAD_RESPONSE' });
  expect(scene.api.requests).toHaveLength(1);
  await scene.api.until(() => scene.api.sockets.size === 0);
});

test('a body over the limit is cut off where its length was not announced', async () => {
  const chunk = `3e8\r\n${' '.repeat(1000)}\r\n`;
  let sent = 0;
  const scene = await startScene(
    ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const next = () => {
        if (socket.writable) socket.write(chunk, () => setImmediate(next));
        sent += 1000;
      };
      next();
    },
    { UPSTREAM_MAX_BODY_BYTES: '2000' },
  );

  expect(await askUser(scene)).toMatchObject({ user: null, code: 'UPSTREAM_BAD_RESPONSE' });
  await scene.api.until(() => scene.api.sockets.size === 0);
  expect(sent).toBeGreaterThan(2000);
});

test('a body of exactly the limit is taken', async () => {
  const scene = await startScene(always(http(200, good)), { UPSTREAM_MAX_BODY_BYTES: String(good.length) });

  expect((await askUser(scene)).user).toEqual({ _id: 'u1', firstName: 'Ann' });
});

test('a gzip bomb is not decompressed', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  const scene = await startScene(always(http(200, bomb, { 'content-encoding': 'gzip' })));
  const before = process.memoryUsage().arrayBuffers;

  expect(await askUser(scene)).toMatchObject({ user: null, code: 'UPSTREAM_BAD_RESPONSE' });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(25_000_000);
  expect(scene.api.requests[0]?.headers['accept-encoding']).toBeUndefined();
});

test('the bytes of an answer behind its end answer no later request', async () => {
  const smuggled = http(200, found({ _id: 'u1', firstName: SECRET }));
  const scene = await startScene(
    inTurn(always(Buffer.concat([http(200, good), smuggled])), well),
    // One connection, on which the second request would meet what is left of the first answer.
    { UPSTREAM_CONNECTIONS: '1' },
  );

  expect((await askUser(scene)).user).toEqual({ _id: 'u1', firstName: 'Ann' });
  expect((await askUser(scene)).user).toEqual({ _id: 'u1', firstName: 'firstName' });
  expect(scene.api.requests).toHaveLength(2);
});

for (const [name, bytes] of Object.entries({
  'a whole answer': http(200, found({ _id: 'u1', firstName: SECRET })),
  'a 408': http(408, SECRET, { connection: 'close' }),
  garbage: Buffer.from(SECRET),
  'a single byte': Buffer.from('H'),
})) {
  test(`${name} that comes unasked over an idle connection closes it, and answers nobody`, async () => {
    const scene = await startScene(well, { UPSTREAM_CONNECTIONS: '1' });
    await askUser(scene);
    const [socket] = scene.api.sockets;

    socket?.write(bytes);
    await scene.api.until(() => scene.api.sockets.size === 0);

    expect((await askUser(scene)).user).toEqual({ _id: 'u1', firstName: 'firstName' });
    expect(scene.api.openedSockets).toBe(2);
  });
}

for (const head of ['100 Continue', '102 Processing', '103 Early Hints\r\nlink: </x>; rel=preload']) {
  test(`an interim answer, ${head.slice(0, 3)}, is passed over`, async () => {
    const interim = Buffer.from(`HTTP/1.1 ${head}\r\n\r\n`);
    const scene = await startScene(always(Buffer.concat([interim, interim, http(200, good)])));

    expect((await askUser(scene)).user).toEqual({ _id: 'u1', firstName: 'Ann' });
    expect(scene.api.requests).toHaveLength(1);
  });
}

test('an HTML page behind a 502 is a 502', async () => {
  const page = http(502, `<html>${SECRET}</html>`, { 'content-type': 'text/html' });
  const scene = await startScene(always(page));

  expect(await askUser(scene)).toMatchObject({ user: null, code: 'UPSTREAM_UNAVAILABLE', retryable: true });
  expect(scene.api.requests).toHaveLength(3);
});

test('an error status tells what it tells, though its body breaks off, is too long, or is compressed', async () => {
  for (const bytes of [
    http(404, SECRET, { 'content-length': '500' }),
    http(404, SECRET.repeat(30)),
    http(404, SECRET, { 'content-encoding': 'br' }),
  ]) {
    const scene = await startScene(closingAfter(bytes), { UPSTREAM_MAX_BODY_BYTES: '400' });

    expect(await askUser(scene)).toMatchObject({ user: null, code: undefined });
    expect(scene.api.requests).toHaveLength(1);
  }
});
