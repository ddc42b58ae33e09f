import { expect, test } from 'vitest';
import { always, echo, http, inTurn, reset, silence, well } from '../../faults/replies.ts';
import { type Script, type ScriptedRequest, startScriptedApi } from '../../faults/scripted-api.ts';
import { stopClock } from '../../support/stop-clock.ts';
import { createTestClient, type TestClient } from './upstream-client.ts';

const NEVER = 3_600_000;

async function askTimes(count: number, { ask }: TestClient): Promise<Set<string>> {
  const answers = new Set<string>();
  for (let index = 0; index < count; index++) answers.add(await ask(`i${index}`));
  return answers;
}

const outages: Record<string, { script: Script; error: string; timeoutMs?: number }> = {
  'a 500': { script: always(http(500)), error: 'UPSTREAM_UNAVAILABLE' },
  'a 501': { script: always(http(501)), error: 'UPSTREAM_UNAVAILABLE' },
  'a 503': { script: always(http(503)), error: 'UPSTREAM_UNAVAILABLE' },
  'a 200 that says it is a 500': {
    script: always(http(200, '{"meta":{"statusCode":500}}')),
    error: 'UPSTREAM_UNAVAILABLE',
  },
  'a reset connection': { script: reset, error: 'UPSTREAM_UNAVAILABLE' },
  'the deadline': { script: silence, error: 'UPSTREAM_TIMEOUT', timeoutMs: 10 },
};

for (const [name, { script, error, timeoutMs = 30_000 }] of Object.entries(outages)) {
  test(`${name} counts: after 20 of them nothing more is sent`, async () => {
    const api = await startScriptedApi(script);
    const client = createTestClient(api.url, { timeoutMs, breakerOpenMs: NEVER });

    expect(await askTimes(20, client)).toEqual(new Set([error]));
    expect(client.client.status.breaker).toBe('open');
    const before = api.requests.length;

    const { result, record } = await client.get('another').settled;
    expect(result).toMatchObject({ kind: 'failed', error: { code: 'UPSTREAM_UNAVAILABLE' } });
    expect(record).toMatchObject({ attempts: 0, status: null, shared: false });
    expect(api.requests).toHaveLength(before);
  });
}

const answers: Record<string, Script> = {
  'a 400': always(http(400)),
  'a 401': always(http(401)),
  'a 404': always(http(404)),
  'a 429': always(http(429)),
  'a redirect': always(http(302)),
  'broken JSON': always(http(200, '{')),
  'no HTTP': always('220 ready\r\n'),
};

for (const [name, script] of Object.entries(answers)) {
  test(`${name} does not count: the REST API is there`, async () => {
    const api = await startScriptedApi(script);
    const client = createTestClient(api.url, { breakerOpenMs: NEVER });
    await askTimes(25, client);

    expect(client.client.status.breaker).toBe('closed');
    expect(api.requests).toHaveLength(25);
  });
}

test('each attempt counts, those that were retried too', async () => {
  const api = await startScriptedApi(always(http(503)));
  const client = createTestClient(api.url, { maxAttempts: 2, breakerOpenMs: NEVER });

  // As many retries as the budget gives in any one second.
  await askTimes(10, client);
  expect(api.requests).toHaveLength(20);
  expect(client.client.status.breaker).toBe('open');
});

test('a GET that is to be tried again is held back as well', async () => {
  const api = await startScriptedApi(({ number }) => {
    if (number === 20) for (const { socket } of api.requests) socket.write(http(503));
  });
  const client = createTestClient(api.url, { maxAttempts: 2, breakerOpenMs: NEVER });
  const gets = Array.from({ length: 20 }, (_, index) => client.get(`i${index}`).settled);

  const messages = (await Promise.all(gets)).map(
    ({ result }) => result.kind === 'failed' && result.error.message,
  );
  expect(messages).toContain('The REST API is unavailable: too many recent requests to it failed.');
  expect(api.requests).toHaveLength(20);
});

test('one probe decides: where it succeeds everything goes on as before', async () => {
  const api = await startScriptedApi(inTurn(...Array<Script>(20).fill(reset), well));
  const client = createTestClient(api.url, { breakerOpenMs: 0 });
  await askTimes(20, client);
  expect(client.client.status.breaker).toBe('open');

  expect(await client.ask('probe')).toBe('found');
  expect(client.client.status.breaker).toBe('closed');
  expect(await askTimes(10, client)).toEqual(new Set(['found']));
});

test('while the probe is under way all others fail at once', async () => {
  const api = await startScriptedApi(inTurn(...Array<Script>(20).fill(reset), silence));
  const client = createTestClient(api.url, { breakerOpenMs: 0 });
  await askTimes(20, client);
  const probe = client.get('probe');
  await api.until(() => api.requests.length === 21);

  expect(client.client.status.breaker).toBe('half-open');
  expect(await askTimes(5, client)).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
  expect(api.requests).toHaveLength(21);

  const [asked] = api.requests.slice(-1);
  asked?.socket.write(http(200, echo(asked)));
  expect((await probe.settled).result.kind).toBe('found');
});

test('where the probe fails it stays open', async () => {
  const api = await startScriptedApi(reset);
  const client = createTestClient(api.url, { breakerOpenMs: 0 });
  await askTimes(20, client);

  expect(await client.ask('probe')).toBe('UPSTREAM_UNAVAILABLE');
  expect(client.client.status.breaker).toBe('open');
});

test('a probe whose client goes away still decides, and hangs for no longer than its deadline', async () => {
  const api = await startScriptedApi(inTurn(...Array<Script>(20).fill(reset), silence, well));
  const client = createTestClient(api.url, { breakerOpenMs: 0, timeoutMs: 200 });
  const pass = stopClock();
  await askTimes(20, client);
  const probe = client.get('probe');
  await api.until(() => api.requests.length === 21);

  probe.cancel();
  expect((await probe.settled).result).toMatchObject({ error: { code: 'CANCELLED' } });
  expect(client.client.status.breaker).toBe('half-open');

  pass(200);
  await api.until(() => api.sockets.size === 0);
  expect(client.client.status).toMatchObject({ breaker: 'open', inFlight: 0 });
  expect(await client.ask('next-probe')).toBe('found');
});

test('while it is open nobody waits for a connection only to learn of it', async () => {
  const hangs = ({ url }: ScriptedRequest) => url.includes('hang');
  const api = await startScriptedApi((request) => (hangs(request) ? silence : reset)(request));
  const client = createTestClient(api.url, { connections: 2, breakerOpenMs: NEVER });
  client.get('hang1');
  await askTimes(19, client);
  client.get('hang2');
  client.get('in-line1');
  const inLine = client.get('in-line2');
  await api.until(() => api.requests.filter(hangs).length === 2);
  expect(client.client.status).toMatchObject({ breaker: 'closed', inFlight: 2, waiting: 2 });

  for (const request of api.requests.slice(-1)) reset(request);
  // Slots go on to those in line, who learn of it as well.
  expect((await inLine.settled).record.attempts).toBe(0);
  expect(client.client.status).toMatchObject({ breaker: 'open', inFlight: 1, waiting: 0 });
  expect(await client.ask('another')).toBe('UPSTREAM_UNAVAILABLE');
});
