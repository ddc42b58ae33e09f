import { expect, test } from 'vitest';
import { echo, found, http, silence, well } from '../../faults/replies.ts';
import { startScriptedApi } from '../../faults/scripted-api.ts';
import { createTestClient, resource, type Settled } from './upstream-client.ts';

/** The fields that an answer brought, by name. */
function valuesOf({ result }: Settled): Record<string, unknown> {
  if (result.kind !== 'found') throw new Error(`It was ${result.kind}`);
  const { present, values } = result;
  expect(values).toHaveLength(resource.fields.length);
  return Object.fromEntries(
    resource.fields.flatMap(({ name }, index) =>
      present.has(index) || values[index] !== undefined ? [[name, values[index]]] : [],
    ),
  );
}

test('a GET in flight serves those who ask for the same fields or fewer, each with what it asked for', async () => {
  const api = await startScriptedApi(silence);
  const { get } = createTestClient(api.url);
  const gets = [
    get('i', 'token', ['name', 'colour']),
    get('i', 'token', ['colour', 'name']),
    get('i', 'token', ['colour']),
    get('i', 'token', ['name']),
  ];
  await api.until(() => api.requests.length === 1);
  for (const request of api.requests) well(request);
  const all = await Promise.all(gets.map(({ settled }) => settled));

  expect(all.map(valuesOf)).toEqual([
    { name: 'name', colour: 'colour' },
    { name: 'name', colour: 'colour' },
    { colour: 'colour' },
    { name: 'name' },
  ]);
  expect(all.map(({ record }) => [record.url, record.shared, record.attempts])).toEqual([
    ['/items/i?name&colour', false, 1],
    ['/items/i?name&colour', true, 1],
    ['/items/i?name&colour', true, 1],
    ['/items/i?name&colour', true, 1],
  ]);
  expect(api.requests).toHaveLength(1);
});

test('what the API withholds of a joined GET is withheld, and what it sends unasked is not there', async () => {
  const api = await startScriptedApi(silence);
  const { get } = createTestClient(api.url);
  const gets = [['name', 'colour'], ['colour'], ['name']].map((fields) => get('i', 'token', fields));
  await api.until(() => api.requests.length === 1);
  api.requests[0]?.socket.write(http(200, found({ name: 'x', number: 7 })));
  const all = await Promise.all(gets.map(({ settled }) => settled));

  expect(all.map(valuesOf)).toEqual([{ name: 'x' }, {}, { name: 'x' }]);
});

test('whoever asks for more makes a GET of its own, which others can join in turn', async () => {
  const api = await startScriptedApi(silence);
  const { get } = createTestClient(api.url);
  const gets = [['name'], ['name', 'colour'], ['colour'], ['number'], ['name']].map((fields) =>
    get('i', 'token', fields),
  );
  await api.until(() => api.requests.length === 3);
  for (const request of api.requests)
    request.socket.write(http(200, echo(request).replace('"number"}', '5}')));
  const all = await Promise.all(gets.map(({ settled }) => settled));

  expect(all.map(({ record }) => [record.url, record.shared])).toEqual([
    ['/items/i?name', false],
    ['/items/i?name&colour', false],
    ['/items/i?name&colour', true],
    ['/items/i?number', false],
    ['/items/i?name', true],
  ]);
});

test('a GET is joined with the very same token only', async () => {
  const api = await startScriptedApi(silence);
  const { get } = createTestClient(api.url);
  get('i', 'token', ['name', 'colour']);
  for (const token of ['token2', 'Token', 'toke']) get('i', token, ['name']);
  await api.until(() => api.requests.length === 4);

  expect(new Set(api.requests.map(({ headers }) => headers.authorization)).size).toBe(4);
});

test('the first caller may leave: those who asked for less keep the GET', async () => {
  const api = await startScriptedApi(silence);
  const { get, client } = createTestClient(api.url);
  const first = get('i', 'token', ['name', 'colour']);
  const second = get('i', 'token', ['name']);
  await api.until(() => api.requests.length === 1);
  first.cancel();
  expect((await first.settled).result).toMatchObject({ error: { code: 'CANCELLED' } });
  for (const request of api.requests) well(request);

  expect(valuesOf(await second.settled)).toEqual({ name: 'name' });
  expect(client.status.inFlight).toBe(0);
});

test('each caller is told how long it waited itself', async () => {
  const api = await startScriptedApi(silence);
  const { get } = createTestClient(api.url);
  const first = get('i');
  const started = performance.now();
  await api.until(() => api.requests.length === 1);
  const joined = performance.now();
  const second = get('i');
  for (const request of api.requests) well(request);
  const durations = [await first.settled, await second.settled].map(({ record }) => record.durationMs);
  const ended = performance.now();

  expect(durations[0]).toBeGreaterThanOrEqual(joined - started);
  expect(durations[1]).toBeLessThanOrEqual(ended - joined);
});

test('a GET whose first caller leaves before it is sent counts as the next one of those who joined it', async () => {
  const api = await startScriptedApi(silence);
  const { get } = createTestClient(api.url, { connections: 1 });
  get('other');
  const [first, second, third] = [get('i'), get('i'), get('i')];
  first.cancel();
  await api.until(() => api.requests.length === 1);
  for (const request of api.requests) well(request);
  await api.until(() => api.requests.length === 2);
  api.requests[1]?.socket.write(http(403));

  const records = (await Promise.all([first, second, third].map(({ settled }) => settled))).map(
    ({ record: { attempts, shared } }) => [attempts, shared],
  );
  expect(records).toEqual([
    [0, false],
    [1, false],
    [1, true],
  ]);
});
