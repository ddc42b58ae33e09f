import { expect, test } from 'vitest';
import { always, http, silence, well } from '../../faults/replies.ts';
import { type ScriptedRequest, startScriptedApi } from '../../faults/scripted-api.ts';
import { stopClock } from '../../support/stop-clock.ts';
import { createTestClient } from './upstream-client.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `i${index}`);
const bearer = (token: string) => `Bearer ${token}`;
const isQuiet = ({ headers }: ScriptedRequest) => headers.authorization === bearer('quiet');

for (const flooding of [5, 30]) {
  test(`beside ${flooding} callers who loop lists of 100, one GET of another waits for one round of them`, async () => {
    const connections = 8;
    const api = await startScriptedApi((request) => setTimeout(() => well(request), 2));
    const { ask, client } = createTestClient(api.url, { connections, timeoutMs: 150_000 });
    let goOn = true;
    const refused: string[] = [];
    const loop = async (token: string) => {
      for (let round = 0; goOn; round++) {
        if (client.isOverloaded(bearer(token))) refused.push(token);
        const answers = await Promise.all(ids(100).map((id) => ask(`${id}-${round}`, token)));
        expect(new Set(answers)).toEqual(new Set(['found']));
      }
    };
    const loops = ids(flooding).map(loop);
    await api.until(() => api.requests.length > 500);

    for (let asked = 1; asked <= 20; asked++) {
      const before = api.requests.length;
      if (client.isOverloaded(bearer('quiet'))) refused.push('quiet');
      expect(await ask(`q${asked}`, 'quiet')).toBe('found');
      const place = api.requests.findIndex((request, index) => index >= before && isQuiet(request)) - before;
      // One GET of each other caller, and those that were on their way already.
      expect(place).toBeLessThanOrEqual(flooding + 2 * connections);
    }
    goOn = false;
    await Promise.all(loops);
    expect(refused).toEqual([]);
  });
}

test('a caller is overloaded once more of its GETs wait than could be served, and nobody else is', async () => {
  const api = await startScriptedApi(silence);
  const { client, get } = createTestClient(api.url, { connections: 1 });
  const wait = (count: number) => {
    for (const id of ids(count)) get(`${id}-${client.status.waiting}`, 'busy');
  };

  wait(2);
  expect(client.isOverloaded(bearer('busy'))).toBe(false);
  wait(4999);
  expect([client.status.waiting, client.isOverloaded(bearer('busy'))]).toEqual([5000, false]);
  wait(1);
  get('one', 'quiet');
  expect(['busy', 'quiet', 'nobody'].map((token) => client.isOverloaded(bearer(token)))).toEqual([
    true,
    false,
    false,
  ]);
});

test('GETs that wait for the end of a rate limit count for their caller as well', async () => {
  const api = await startScriptedApi(always(http(429, '', { 'retry-after': '60' })));
  const { client, get, ask } = createTestClient(api.url, { timeoutMs: 120_000 });
  await ask('first', 'busy');
  const all = ids(5001).map((id) => get(id, 'busy'));
  expect(['busy', 'quiet'].map((token) => client.isOverloaded(bearer(token)))).toEqual([true, false]);
  for (const { cancel } of all) cancel();

  expect(client.isOverloaded(bearer('busy'))).toBe(false);
});

test('a caller is overloaded once its line has not moved on for half of the deadline', async () => {
  const api = await startScriptedApi(silence);
  const { client, get } = createTestClient(api.url, { connections: 2, timeoutMs: 1000 });
  const pass = stopClock();
  const all = ids(5).map((id) => get(id, 'busy'));
  expect(client.isOverloaded(bearer('busy'))).toBe(false);
  pass(500);
  expect(client.isOverloaded(bearer('busy'))).toBe(false);
  pass(1);
  expect(client.isOverloaded(bearer('busy'))).toBe(true);
  expect(client.status.waiting).toBe(3);

  pass(499);
  await Promise.all(all.map(({ settled }) => settled));
  expect(client.isOverloaded(bearer('busy'))).toBe(false);
});

test('a caller with no more GETs waiting than there are connections is not overloaded, however long they wait for others', async () => {
  const api = await startScriptedApi(silence);
  const { client, get } = createTestClient(api.url, { connections: 2, timeoutMs: 400 });
  const pass = stopClock();
  for (const id of ids(50)) get(id, 'busy');
  const quiet = ids(2).map((id) => get(id, 'quiet'));
  pass(399);

  expect(client.status.waiting).toBe(50);
  expect(['busy', 'quiet'].map((token) => client.isOverloaded(bearer(token)))).toEqual([true, false]);
  pass(1);
  await Promise.all(quiet.map(({ settled }) => settled));
});
