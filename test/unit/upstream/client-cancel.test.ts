import { expect, test } from 'vitest';
import { startBlackhole } from '../../faults/blackhole.ts';
import { always, echo, http, inTurn, silence, well } from '../../faults/replies.ts';
import { type ScriptedRequest, startScriptedApi } from '../../faults/scripted-api.ts';
import { createTestClient } from './upstream-client.ts';

const cancelled = { result: { kind: 'failed', error: { code: 'CANCELLED' } } };
const answerWell = (request: ScriptedRequest | undefined) => request?.socket.write(http(200, echo(request)));

test('cancelling a GET under way closes its connection, and its slot is free', async () => {
  const api = await startScriptedApi(inTurn(silence, well));
  const { client, get, ask } = createTestClient(api.url, { connections: 1 });
  const call = get('i');
  await api.until(() => api.requests.length === 1);

  call.cancel();
  expect(await call.settled).toMatchObject(cancelled);
  await api.until(() => api.sockets.size === 0);
  expect(client.status).toMatchObject({ inFlight: 0, waiting: 0 });
  expect(await ask('next')).toBe('found');
});

test('cancelling a GET in line takes it out: it is never sent', async () => {
  const api = await startScriptedApi(silence);
  const { client, get } = createTestClient(api.url, { connections: 1 });
  get('first');
  const second = get('second');
  const third = get('third');
  await api.until(() => api.requests.length === 1);
  expect(client.status.waiting).toBe(2);

  second.cancel();
  expect(await second.settled).toMatchObject({ ...cancelled, record: { attempts: 0 } });
  answerWell(api.requests[0]);
  await api.until(() => api.requests.length === 2);
  answerWell(api.requests[1]);
  expect((await third.settled).result.kind).toBe('found');
  expect(api.requests.map(({ url }) => url)).toEqual(['/items/first?name', '/items/third?name']);
});

test('cancelling a GET that pauses between attempts ends it', async () => {
  const api = await startScriptedApi(always(http(503, '', { 'retry-after': '20' })));
  const { client, get, attempts } = createTestClient(api.url, { maxAttempts: 3 });
  const call = get('i');
  await api.until(() => api.requests.length === 1);
  while (attempts.length === 0) await new Promise(setImmediate);

  call.cancel();
  expect(await call.settled).toMatchObject({ ...cancelled, record: { attempts: 1 } });
  expect(client.status).toMatchObject({ inFlight: 0, waiting: 0 });
});

test('of an answer that its deadline cuts off, what came is told', async () => {
  const api = await startScriptedApi(always('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"dat'));
  const { get, attempts } = createTestClient(api.url, { timeoutMs: 3000 });
  expect(await get('i').settled).toMatchObject({
    result: { error: { code: 'UPSTREAM_TIMEOUT' } },
    record: { status: 200, bytes: 5, attempts: 1 },
  });
  // It is no whole answer.
  expect(attempts).toEqual([null]);
});

test('cancelling twice, or after the answer, changes nothing', async () => {
  const api = await startScriptedApi(well);
  const { client, get } = createTestClient(api.url);
  const call = get('i');
  expect((await call.settled).result.kind).toBe('found');
  call.cancel();
  call.cancel();

  expect(client.status).toMatchObject({ inFlight: 0, waiting: 0 });
});

test('a GET that is cancelled or out of time while its connection opens keeps its slot until that is decided', async () => {
  const { url } = await startBlackhole();
  const { client, get } = createTestClient(url, { connections: 1, timeoutMs: 300 });
  const first = get('first');
  first.cancel();
  const second = get('second');

  expect(await first.settled).toMatchObject(cancelled);
  expect(client.status).toMatchObject({ inFlight: 1, waiting: 1 });
  expect(await second.settled).toMatchObject({
    result: { error: { code: 'UPSTREAM_TIMEOUT' } },
    record: { attempts: 0 },
  });
  // The pool gives the connection up by itself, and with it the slot.
  while (client.status.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('a connection that opens after its GET was cancelled serves the next one', async () => {
  const api = await startScriptedApi(well);
  const { get } = createTestClient(api.url, { connections: 1 });
  get('first').cancel();
  const second = get('second');

  expect((await second.settled).result.kind).toBe('found');
  expect(api.requests.map(({ url }) => url)).toEqual(['/items/second?name']);
  expect(api.openedSockets).toBe(1);
});

test('the same GET with the same token is made once while it is in flight, and anew afterwards', async () => {
  const api = await startScriptedApi(inTurn(silence, well));
  const { get } = createTestClient(api.url);
  const calls = [get('i'), get('i'), get('i')];
  await api.until(() => api.requests.length === 1);
  answerWell(api.requests[0]);
  const results = await Promise.all(calls.map(({ settled }) => settled));

  expect(results.map(({ record }) => record.shared)).toEqual([false, true, true]);
  expect(results.map(({ result }) => result.kind)).toEqual(['found', 'found', 'found']);
  expect(api.requests).toHaveLength(1);

  expect((await get('i').settled).result.kind).toBe('found');
  expect(api.requests).toHaveLength(2);
});

test('another token, be it longer by a character, or another URL is another GET', async () => {
  const api = await startScriptedApi(well);
  const { get } = createTestClient(api.url);
  const calls = [get('i', 'token'), get('i', 'token2'), get('i', 'Token'), get('j', 'token')];
  const results = await Promise.all(calls.map(({ settled }) => settled));

  expect(results.map(({ record }) => record.shared)).toEqual([false, false, false, false]);
  expect(api.requests).toHaveLength(4);
});

test('one caller that goes away, be it the first, leaves a shared GET to the others', async () => {
  const api = await startScriptedApi(silence);
  const { get } = createTestClient(api.url);
  const [first, second] = [get('i'), get('i')];
  await api.until(() => api.requests.length === 1);

  first.cancel();
  first.cancel();
  expect(await first.settled).toMatchObject(cancelled);
  answerWell(api.requests[0]);
  expect((await second.settled).result.kind).toBe('found');
  expect(api.requests).toHaveLength(1);
});

test('a shared GET is given up with its last caller, and nobody joins it after that', async () => {
  const api = await startScriptedApi(inTurn(silence, well));
  const { get, ask } = createTestClient(api.url);
  const [first, second] = [get('i'), get('i')];
  await api.until(() => api.requests.length === 1);

  first.cancel();
  second.cancel();
  expect(await ask('i')).toBe('found');
  expect(api.requests).toHaveLength(2);
  await api.until(() => api.sockets.size === 1);
});

test('a failure is shared as well, and remembered by nobody', async () => {
  const api = await startScriptedApi(inTurn(always(http(500)), well));
  const { get, ask } = createTestClient(api.url);
  const results = await Promise.all([get('i').settled, get('i').settled]);

  expect(results.map(({ result }) => result.kind)).toEqual(['failed', 'failed']);
  expect(api.requests).toHaveLength(1);
  expect(await ask('i')).toBe('found');
});
