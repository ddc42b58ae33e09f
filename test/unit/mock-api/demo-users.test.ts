import { once } from 'node:events';
import { get } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type MockApi, startMockApi } from '#mock-api/start.ts';
import { send, userPath } from './send.ts';

const demoPath = (end: string) =>
  `${userPath('61100af5c548eb5c7ebc0001', `61100af5c548eb5c7ebc${end}`)}?_id&id`;
const token = 'demo-owner';

describe('the demo user', () => {
  test.each([
    ['f002', 404, 'Record Not Found'],
    ['f003', 500, 'Server Error'],
    ['f005', 403, 'Forbidden'],
    ['f006', 429, 'Too Many Requests'],
  ])('%s is always answered %i', async (end, statusCode, message) => {
    const { url } = await start();
    const expected = { statusCode, body: { meta: { status: 'error', statusCode }, message } };
    for (let round = 0; round < 3; round++) {
      expect(await send(url, demoPath(end), { token })).toMatchObject(expected);
    }
  });

  test('f006 says when to come back', async () => {
    const { url } = await start();
    expect((await send(url, demoPath('f006'), { token })).headers['retry-after']).toBe('2');
    expect((await send(url, demoPath('f005'), { token })).headers['retry-after']).toBeUndefined();
  });

  test('f001 is answered with ordinary data, no sooner than after 2 s, and holds up nobody else', async () => {
    const { url } = await start();
    const started = performance.now();
    const slow = send(url, demoPath('f001'), { token });
    expect(await send(url, demoPath('7819'), { token })).toMatchObject({ statusCode: 200 });
    expect(await slow).toMatchObject({
      statusCode: 200,
      body: { data: { _id: '61100af5c548eb5c7ebcf001', id: expect.any(Number) } },
    });
    // Node's timers may be a millisecond early.
    expect(performance.now() - started).toBeGreaterThan(1990);
  });

  test('f004 is answered at the third request of each token, again and again', async () => {
    const { url } = await start();
    const statuses = async (by: string) => (await send(url, demoPath('f004'), { token: by })).statusCode;
    const seen: (number | undefined)[] = [];
    for (let round = 0; round < 6; round++) {
      seen.push(await statuses('demo-owner'));
      if (round < 2) expect(await statuses('demo-admin')).toBe(503);
    }
    expect(seen).toEqual([503, 503, 200, 503, 503, 200]);
    expect(await statuses('demo-admin')).toBe(200);
  });

  test('f004 fails for the user, whatever the flags', async () => {
    const { url } = await start();
    for (const [flag, status] of [
      ['email', 503],
      ['id', 503],
      ['username', 200],
    ] as const) {
      const path = demoPath('f004').replace('_id&id', flag);
      expect((await send(url, path, { token })).statusCode).toBe(status);
    }
  });

  test('f007 has the headers of a good answer and half of its JSON', async () => {
    const { url } = await start();
    const outgoing = get(url + demoPath('f007'), { headers: { authorization: `Bearer ${token}` } });
    const [response] = await once(outgoing, 'response');
    const text = Buffer.concat(await response.toArray()).toString();
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.headers['content-length']).toBe(String(text.length));
    expect(text).toMatch(/^\{"meta":\{"status":"success"/);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  test.each(['f001', 'f002', 'f003', 'f004', 'f005', 'f006', 'f007'])(
    '%s is for callers with a role alone',
    async (end) => {
      const { url } = await start();
      expect((await send(url, demoPath(end), { token: 'demo-outsider' })).statusCode).toBe(401);
      expect((await send(url, demoPath(end).replace('?_id&id', '?noSuchField'), { token })).statusCode).toBe(
        400,
      );
    },
  );
});

test('stop ends an answer that is still to come, without waiting for it', async () => {
  const arrived = Promise.withResolvers<void>();
  const mockApi = await startMockApi({ onRequest: () => arrived.resolve() });
  const cut = expect(send(mockApi.url, demoPath('f001'), { token })).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
  await arrived.promise;
  await mockApi.stop();
  await cut;
});

async function start(): Promise<MockApi> {
  const mockApi = await startMockApi();
  onTestFinished(() => mockApi.stop());
  return mockApi;
}
