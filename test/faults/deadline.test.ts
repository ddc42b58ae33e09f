import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startLayer } from '../support/layer.ts';
import { listen } from '../support/listen.ts';
import { untilMetric } from '../support/metrics.ts';
import { stopClock } from '../support/stop-clock.ts';
import { askUser, dataOf, type Scene, startScene, type UserAnswer } from './ask.ts';
import { startBlackhole } from './blackhole.ts';
import { always, http, silence, well } from './replies.ts';
import type { Script } from './scripted-api.ts';

const timedOut = { user: null, code: 'UPSTREAM_TIMEOUT', retryable: true };
const env = { UPSTREAM_TIMEOUT_MS: '300' };

/** Asks until a GET is sent: a busy machine may need longer for that than the deadline is. */
async function askUntilSent(scene: Scene): Promise<UserAnswer> {
  for (;;) {
    const answer = await askUser(scene);
    if (scene.api.requests.length > 0) return answer;
  }
}

/** Writes one byte after another without end, so that no pause is ever long. */
const dripping =
  (head: string): Script =>
  ({ socket }) => {
    socket.write(head);
    const timer = setInterval(() => socket.write(' '), 20);
    socket.on('close', () => clearInterval(timer));
  };

const stalling: Record<string, Script> = {
  'no answer': silence,
  'half a status line': always('HTTP/1.1 2'),
  'headers that drip': dripping('HTTP/1.1 200 OK\r\nx:'),
  'a body that drips': dripping('HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n'),
  'a chunked body that stops': always('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n'),
  'an error whose body drips': dripping('HTTP/1.1 404 Not Found\r\ncontent-length: 99999\r\n\r\n'),
  'interim answers without end': ({ socket }) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 20);
    socket.on('close', () => clearInterval(timer));
  },
};

for (const [name, script] of Object.entries(stalling)) {
  test(`${name}: UPSTREAM_TIMEOUT after one GET, whose connection is closed`, async () => {
    const scene = await startScene(script, env);

    expect(await askUntilSent(scene)).toMatchObject(timedOut);
    expect(scene.api.requests).toHaveLength(1);
    await scene.api.until(() => scene.api.sockets.size === 0);
  });
}

test('the deadline runs over retries, pauses and all, and not anew for each', async () => {
  // Each try takes a good part of the deadline; four of them would be past it.
  const slow: Script = ({ socket }) => setTimeout(() => socket.write(http(503)), 120).unref();
  const scene = await startScene(slow, { ...env, UPSTREAM_ATTEMPTS: '100' });

  expect((await askUser(scene)).code).toMatch(/UPSTREAM_TIMEOUT|UPSTREAM_UNAVAILABLE/);
  expect(scene.api.requests.length).toBeLessThanOrEqual(3);
});

test('the deadline runs while a GET waits for a connection', async () => {
  const scene = await startScene(silence, { ...env, UPSTREAM_CONNECTIONS: '1' });
  const answer = await scene.layer.query(
    '{ communityUsers(communityId: "c1", userIds: ["a", "b", "c"]) { _id } }',
  );

  expect(answer.errors?.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
    [0, 'UPSTREAM_TIMEOUT'],
    [1, 'UPSTREAM_TIMEOUT'],
    [2, 'UPSTREAM_TIMEOUT'],
  ]);
});

test('answers that came in time are taken, though the process was too busy to read them then', async () => {
  // As many as the breaker would open for.
  const ids = Array.from({ length: 20 }, (_, index) => `u${index}`);
  const answerAllLate: Script = ({ number }) => {
    if (number < ids.length) return;
    for (const request of scene.api.requests) well(request);
    const busyUntil = performance.now() + 3100;
    while (performance.now() < busyUntil);
  };
  const scene = await startScene(answerAllLate, { UPSTREAM_TIMEOUT_MS: '3000' });
  const answer = await scene.layer.query(
    'query ($ids: [ID!]!) { communityUsers(communityId: "c1", userIds: $ids) { _id } }',
    { variables: { ids } },
  );

  expect(answer.data).toEqual({ communityUsers: ids.map((_id) => ({ _id })) });
  await untilMetric(scene.layer.url, 'upstream_breaker_open 0');
});

test('a user who is slow is late alone', async () => {
  const scene = await startScene(
    (request) => (request.url.includes('/slow?') ? silence : well)(request),
    env,
  );
  const pass = stopClock();
  const answer = scene.layer.query(
    '{ slow: communityUser(communityId: "c1", userId: "slow") { _id } ann: communityUser(communityId: "c1", userId: "ann") { _id } }',
  );
  await scene.api.until(() => scene.api.requests.length === 2);
  await untilMetric(scene.layer.url, 'upstream_gets_in_flight 1');
  pass(300);
  const { data, errors } = await answer;

  expect(data).toEqual({ slow: null, ann: { _id: 'ann' } });
  expect(errors).toHaveLength(1);
});

test('the deadline runs while a connection is made that never opens', async () => {
  const layer = await startLayer({ restApi: await startBlackhole(), env });
  const answer = await layer.query('{ communityUser(communityId: "c1", userId: "u1") { _id } }');

  expect(dataOf(answer)).toEqual({ communityUser: null });
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: true });
});

test('the deadline runs while TLS is being negotiated', async () => {
  const server = createServer((socket) => socket.on('error', () => {}).resume());
  const url = `https://127.0.0.1:${await listen(server)}`;
  onTestFinished(() => void server.close());
  const layer = await startLayer({ restApi: { url, requests: [], stop: async () => {} }, env });
  const answer = await layer.query('{ communityUser(communityId: "c1", userId: "u1") { _id } }');

  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: true });
});
