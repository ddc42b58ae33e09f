import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { always, closingAfter, http, inTurn, reset, silence, well } from '../../faults/replies.ts';
import { type Script, type ScriptedApi, startScriptedApi } from '../../faults/scripted-api.ts';
import { createTestClient, type TestClient } from './upstream-client.ts';

const ids = (count: number, prefix = 'i') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Answers the first request of each connection, and does something else with later ones. */
function onceEach(then: Script): Script {
  const used = new WeakSet<Socket>();
  return (request) => {
    const first = !used.has(request.socket);
    used.add(request.socket);
    (first ? well : then)(request);
  };
}

async function askAll(client: TestClient, all: readonly string[]): Promise<Set<string>> {
  return new Set(await Promise.all(all.map((id) => client.ask(id))));
}

/** Thirty connections that idle. */
async function warmUp(client: TestClient, api: ScriptedApi): Promise<void> {
  expect(await askAll(client, ids(30))).toEqual(new Set(['found']));
  expect(api.openedSockets).toBe(30);
  // As a next request would: not within the very turn in which the connections fell idle.
  await new Promise(setImmediate);
}

const closes: Record<string, Script> = {
  'resets a reused connection as the GET arrives': onceEach(reset),
  'closes a reused connection as the GET arrives': onceEach(closingAfter('')),
};

for (const [name, script] of Object.entries(closes)) {
  test(`a server that ${name} is noticed by nobody: no attempt, no retry, no failure`, async () => {
    const api = await startScriptedApi(script);
    const client = createTestClient(api.url);
    await warmUp(client, api);

    expect(await askAll(client, ids(30, 'j'))).toEqual(new Set(['found']));
    expect(client.attempts).toEqual(Array(60).fill(200));
    expect(client.retries()).toBe(0);
    expect(client.client.status.breaker).toBe('closed');
    // Each GET met one dead connection at the most, and went on to a fresh one.
    expect(api.requests.length).toBeLessThanOrEqual(90);
    expect(api.mostSockets).toBeLessThanOrEqual(60);
  });
}

test('so is one that was opened for GETs which were cancelled before they were sent', async () => {
  let dead: ReadonlySet<Socket> = new Set();
  const api = await startScriptedApi((request) => (dead.has(request.socket) ? reset : well)(request));
  const client = createTestClient(api.url);
  for (const id of ids(30)) client.get(id).cancel();
  while (client.client.status.inFlight > 0) await new Promise(setImmediate);
  await api.until(() => api.openedSockets === 30);
  dead = new Set(api.sockets);

  expect(await askAll(client, ids(30, 'j'))).toEqual(new Set(['found']));
  expect(client.attempts).toEqual(Array(30).fill(200));
});

for (const end of ['resetAndDestroy', 'end', 'destroy'] as const) {
  test(`thirty idle connections that the server closes (${end}) just before they are reused cost nobody anything`, async () => {
    const api = await startScriptedApi(well);
    const client = createTestClient(api.url);
    await warmUp(client, api);

    for (const socket of api.sockets) socket[end]();
    const records = await Promise.all(ids(30, 'j').map((id) => client.get(id).settled));
    expect(records.map(({ result, record }) => [result.kind, record.attempts])).toEqual(
      Array(30).fill(['found', 1]),
    );
    expect(client.attempts).toEqual(Array(60).fill(200));
    expect(api.openedSockets).toBe(60);
  });
}

test('a fresh connection that dies is a failed attempt', async () => {
  const api = await startScriptedApi(reset);
  const client = createTestClient(api.url);

  expect(await client.ask('i')).toBe('UPSTREAM_UNAVAILABLE');
  expect(client.attempts).toEqual([null]);
  expect(api.requests).toHaveLength(1);
});

test('a GET that meets a dead connection is sent once more, and what becomes of that counts', async () => {
  const api = await startScriptedApi(inTurn(well, reset));
  const client = createTestClient(api.url, { connections: 1 });
  await client.ask('i');

  expect(await client.ask('j')).toBe('UPSTREAM_UNAVAILABLE');
  expect(client.attempts).toEqual([200, null]);
  expect(api.requests).toHaveLength(3);
});

test('a reused connection that dies after the first byte is a failed attempt', async () => {
  for (const bytes of [
    'H',
    'HTTP/1.1 102 Processing\r\n\r\n',
    'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{',
  ]) {
    const api = await startScriptedApi(inTurn(well, closingAfter(bytes)));
    const client = createTestClient(api.url, { connections: 1 });
    await client.ask('i');

    expect(await client.ask('j')).toMatch(/^UPSTREAM_(UNAVAILABLE|BAD_RESPONSE)$/);
    expect(api.requests).toHaveLength(2);
  }
});

test('a dead connection whose server is gone is a failed attempt, not an endless one', async () => {
  const api = await startScriptedApi(well);
  const client = createTestClient(api.url);
  await client.ask('i');
  await api.stop();

  expect(await client.ask('j')).toBe('UPSTREAM_UNAVAILABLE');
  expect(client.attempts).toEqual([200, null]);
});

test('a GET that is cancelled just as its dead connection is replaced leaves nothing behind', async () => {
  const api = await startScriptedApi(onceEach(reset));
  const client = createTestClient(api.url, { connections: 1 });
  await client.ask('i');
  const get = client.get('j');
  await api.until(() => api.requests.length === 2);
  get.cancel();

  expect((await get.settled).result).toMatchObject({ error: { code: 'CANCELLED' } });
  expect(await client.ask('k')).toBe('found');
  while (client.client.status.inFlight > 0) await new Promise(setImmediate);
});

test('the probe of the breaker may meet a dead connection as well', async () => {
  const api = await startScriptedApi(
    inTurn(...Array<Script>(20).fill(always(http(500))), reset, well, silence),
  );
  const client = createTestClient(api.url, { connections: 1, breakerOpenMs: 0 });
  for (const id of ids(20)) await client.ask(id);
  expect(client.client.status.breaker).toBe('open');

  expect(await client.ask('probe')).toBe('found');
  expect(client.client.status.breaker).toBe('closed');
});
