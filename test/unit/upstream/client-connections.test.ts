import { expect, test } from 'vitest';
import { echo, http, reset, silence, well } from '../../faults/replies.ts';
import { type ScriptedRequest, startScriptedApi } from '../../faults/scripted-api.ts';
import { createTestClient, outcomeOf } from './upstream-client.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `i${index}`);

test('there are never more connections than allowed, and each carries one GET at a time', async () => {
  const busy = new Set<object>();
  let overlapping = false;
  const api = await startScriptedApi((request) => {
    overlapping ||= busy.has(request.socket);
    busy.add(request.socket);
    setImmediate(() => {
      busy.delete(request.socket);
      well(request);
    });
  });
  const { ask, client } = createTestClient(api.url, { connections: 4 });
  const answers = await Promise.all(ids(300).map((id) => ask(id)));

  expect(new Set(answers)).toEqual(new Set(['found']));
  expect(api.mostSockets).toBe(4);
  expect(api.openedSockets).toBe(4);
  expect(overlapping).toBe(false);
  expect(client.status).toMatchObject({ connections: 4, inFlight: 0, waiting: 0 });
});

test('GETs are sent in the order in which they came', async () => {
  const api = await startScriptedApi(well);
  const { ask } = createTestClient(api.url, { connections: 1 });
  await Promise.all(ids(200).map((id) => ask(id)));

  expect(api.requests.map(({ url }) => url)).toEqual(ids(200).map((id) => `/items/${id}?name`));
});

test('a connection is used again, and none is opened while one is idle', async () => {
  const api = await startScriptedApi(well);
  const { ask } = createTestClient(api.url);
  for (const id of ids(50)) {
    expect(await ask(id)).toBe('found');
    // As a next request would: not within the very turn in which the connection fell idle.
    await new Promise(setImmediate);
  }

  expect(api.openedSockets).toBe(1);
});

test('whatever becomes of GETs, no slot is lost', async () => {
  const becomes = [
    well,
    reset,
    silence,
    ({ socket }: ScriptedRequest) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'),
    ({ socket }: ScriptedRequest) => socket.write('nonsense\r\n\r\n'),
    (request: ScriptedRequest) => request.socket.write(http(200, echo(request), { 'content-length': '3' })),
    ({ socket }: ScriptedRequest) => socket.write(http(200, 'x'.repeat(20_000))),
  ];
  const api = await startScriptedApi((request) => becomes[request.number % becomes.length]?.(request));
  const { client, get } = createTestClient(api.url, {
    connections: 3,
    timeoutMs: 400,
    maxAttempts: 3,
    // It would keep most of them from being sent.
    breakerOpenMs: 0,
  });
  const calls = ids(150).map((id) => get(id));
  for (const call of calls.filter((_, index) => index % 5 === 0)) call.cancel();
  await Promise.all(calls.map(({ settled }) => settled));
  while (client.status.inFlight > 0) await new Promise(setImmediate);

  expect(client.status).toMatchObject({ inFlight: 0, waiting: 0 });
  expect(client.status.connections).toBeLessThanOrEqual(3);
});

test('a line of ten thousand is over with the deadline, each told so once', async () => {
  const { url } = await startScriptedApi(silence);
  const { client, get } = createTestClient(url, { connections: 2, timeoutMs: 500 });
  const results = await Promise.all(ids(10_000).map((id) => get(id).settled));

  // The last of them may find that the circuit breaker opened meanwhile.
  for (const settled of results) expect(outcomeOf(settled)).toMatch(/^UPSTREAM_(TIMEOUT|UNAVAILABLE)$/);
  expect(client.status.waiting).toBe(0);
});
