import { expect, test, vi } from 'vitest';
import { always, echo, http, inTurn, well } from '../../faults/replies.ts';
import { type Script, type ScriptedRequest, startScriptedApi } from '../../faults/scripted-api.ts';
import { stopClock } from '../../support/stop-clock.ts';
import { createTestClient } from './upstream-client.ts';

const limited = (seconds: number) => http(429, '', { 'retry-after': String(seconds) });
const isOf = (token: string) => (request: ScriptedRequest) =>
  request.headers.authorization === `Bearer ${token}`;

test("after a 429 the caller's further GETs are not sent before its Retry-After; other callers go on", async () => {
  const api = await startScriptedApi(inTurn(always(limited(1)), well));
  const { ask, attempts } = createTestClient(api.url);
  const pass = stopClock();
  expect(await ask('first', 'a')).toBe('RATE_LIMITED');

  const waiting = Promise.all([ask('i', 'a'), ask('j', 'a')]);
  pass(999);
  expect(await ask('i', 'b')).toBe('found');
  expect(api.requests.filter(isOf('a'))).toHaveLength(1);

  pass(1);
  expect(await waiting).toEqual(['found', 'found']);
  expect(attempts).toEqual([429, 200, 200, 200]);
});

test('GETs that were answered 429 with Retry-After all wait and go out again, however many they are', async () => {
  const count = 30;
  const api = await startScriptedApi(inTurn(...Array<Script>(count).fill(always(limited(1))), well));
  const { ask, attempts, retries } = createTestClient(api.url, { maxAttempts: 2 });
  const pass = stopClock();
  const results = Promise.all(Array.from({ length: count }, (_, index) => ask(`i${index}`)));
  while (attempts.length < count) await new Promise(setImmediate);
  expect(retries()).toBe(count);

  // Beyond the second comes what is drawn at random.
  pass(1100);
  expect(await results).toEqual(Array(count).fill('found'));
});

test('where the Retry-After is past their deadline they fail at once, and learn when to ask again', async () => {
  const api = await startScriptedApi(inTurn(always(limited(100)), well));
  const { get, ask } = createTestClient(api.url);
  await ask('first', 'a');
  const { result, record } = await get('second', 'a').settled;

  expect(result).toMatchObject({ kind: 'failed', error: { code: 'RATE_LIMITED', retryAfterSeconds: 100 } });
  expect(record).toMatchObject({ attempts: 0, status: null });
  expect(await ask('second', 'b')).toBe('found');
  expect(api.requests).toHaveLength(2);
});

test('GETs that wait for a connection when the 429 comes are held up as well', async () => {
  const api = await startScriptedApi((request) =>
    request.socket.write(isOf('a')(request) ? limited(100) : http(200, echo(request))),
  );
  const { ask, client } = createTestClient(api.url, { connections: 1 });
  const asked = [ask('1', 'a'), ask('2', 'a'), ask('1', 'b'), ask('3', 'a'), ask('2', 'b')];
  expect(client.status.waiting).toBe(4);

  expect(await Promise.all(asked)).toEqual([
    'RATE_LIMITED',
    'RATE_LIMITED',
    'found',
    'RATE_LIMITED',
    'found',
  ]);
  expect(api.requests.filter(isOf('a'))).toHaveLength(1);
});

test('a 429 without Retry-After, or a 503 with one, pauses nobody else', async () => {
  const api = await startScriptedApi(
    inTurn(always(http(429)), well, always(http(503, '', { 'retry-after': '100' })), well),
  );
  const { ask } = createTestClient(api.url);
  const codes: string[] = [];
  for (const id of ['1', '2', '3', '4']) codes.push(await ask(id));

  expect(codes).toEqual(['RATE_LIMITED', 'found', 'UPSTREAM_UNAVAILABLE', 'found']);
});

test('cancelling a GET that waits for the end of a pause ends it', async () => {
  const api = await startScriptedApi(inTurn(always(limited(20)), well));
  const { get, ask, client } = createTestClient(api.url);
  await ask('first');
  const second = get('second');
  second.cancel();

  expect((await second.settled).result).toMatchObject({ error: { code: 'CANCELLED' } });
  expect(client.status).toMatchObject({ inFlight: 0, waiting: 0 });
  expect(api.requests).toHaveLength(1);
});

test('the system clock may be set back: pauses and the breaker go by a clock that only runs', async () => {
  const now = Date.now();
  const setBack = vi.spyOn(Date, 'now').mockImplementation(() => now - 3_600_000);
  try {
    const api = await startScriptedApi(
      inTurn(always(limited(1)), ...Array(20).fill(always(http(500))), well),
    );
    const { ask, client } = createTestClient(api.url, { breakerOpenMs: 100 });
    expect(await ask('1')).toBe('RATE_LIMITED');
    for (let count = 0; count < 20; count++) expect(await ask(`${count}`)).toBe('UPSTREAM_UNAVAILABLE');
    expect(client.status.breaker).toBe('open');

    while ((await ask('probe')) !== 'found') await new Promise(setImmediate);
    expect(client.status.breaker).toBe('closed');
  } finally {
    setBack.mockRestore();
  }
});
