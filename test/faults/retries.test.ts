import { expect, test } from 'vitest';
import { untilMetric } from '../support/metrics.ts';
import { stopClock } from '../support/stop-clock.ts';
import { askUser, type Scene, startScene } from './ask.ts';
import { always, closingAfter, found, http, inTurn, reset, SECRET, well } from './replies.ts';
import type { Script } from './scripted-api.ts';

const anna = { _id: 'u1', firstName: 'firstName' };
const closed = closingAfter('');

const retried: Record<string, { script: Script; code: string }> = {
  'a reset connection': { script: reset, code: 'UPSTREAM_UNAVAILABLE' },
  'a connection closed before the answer': { script: closed, code: 'UPSTREAM_UNAVAILABLE' },
  'a connection closed within the headers': {
    script: closingAfter('HTTP/1.1 200 OK\r\ncontent-'),
    code: 'UPSTREAM_UNAVAILABLE',
  },
  'a connection closed within the body': {
    script: closingAfter('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{}'),
    code: 'UPSTREAM_BAD_RESPONSE',
  },
  'a 500': { script: always(http(500, SECRET)), code: 'UPSTREAM_UNAVAILABLE' },
  'a 502': { script: always(http(502, SECRET)), code: 'UPSTREAM_UNAVAILABLE' },
  'a 503': { script: always(http(503, SECRET)), code: 'UPSTREAM_UNAVAILABLE' },
  'a 504': { script: always(http(504, SECRET)), code: 'UPSTREAM_UNAVAILABLE' },
  'a 429': { script: always(http(429, SECRET)), code: 'RATE_LIMITED' },
};

for (const [name, { script, code }] of Object.entries(retried)) {
  test(`${name} is tried again, and the user never learns of it`, async () => {
    const scene = await startScene(inTurn(script, script, well));

    expect(await askUser(scene)).toEqual({ user: anna, extensions: {} });
    expect(scene.api.requests.map(({ url }) => url)).toEqual(Array(3).fill(scene.api.requests[0]?.url));
  });

  test(`${name} is ${code} once all tries are used`, async () => {
    const scene = await startScene(script, { UPSTREAM_ATTEMPTS: '4' });

    expect(await askUser(scene)).toMatchObject({ user: null, code, retryable: true });
    expect(scene.api.requests).toHaveLength(4);
  });

  test(`${name} is not tried again where one try is all there is`, async () => {
    const scene = await startScene(inTurn(script, well), { UPSTREAM_ATTEMPTS: '1' });

    expect(await askUser(scene)).toMatchObject({ user: null, code });
    expect(scene.api.requests).toHaveLength(1);
  });
}

const final: Record<string, object> = {
  400: { code: 'BAD_USER_INPUT', retryable: false },
  401: { code: 'UNAUTHENTICATED', retryable: false },
  403: { code: 'FORBIDDEN', retryable: false },
  404: { code: undefined },
  501: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
};

for (const [status, expected] of Object.entries(final)) {
  test(`a ${status} is never tried again`, async () => {
    const scene = await startScene(inTurn(always(http(Number(status), SECRET)), well));

    expect(await askUser(scene)).toMatchObject({ user: null, ...expected });
    expect(scene.api.requests).toHaveLength(1);
  });
}

test('a connection that is closed as a request arrives on it, or while it idles, costs nobody an answer', async () => {
  // Every connection answers once and is reset by the next request: the keep-alive race, lost each time.
  const served = new WeakSet<object>();
  const script: Script = (request) => {
    if (served.has(request.socket)) return reset(request);
    served.add(request.socket);
    well(request);
  };
  const scene = await startScene(script, { UPSTREAM_CONNECTIONS: '1' });

  for (let round = 0; round < 5; round++) expect((await askUser(scene)).user).toEqual(anna);
  expect(scene.api.requests).toHaveLength(9);

  for (const socket of scene.api.sockets) socket.end();
  await scene.api.until(() => scene.api.sockets.size === 0);
  expect((await askUser(scene)).user).toEqual(anna);
  expect(scene.api.requests).toHaveLength(10);
});

test('an announced end of a connection is believed: nothing more is sent on it', async () => {
  const scene = await startScene(always(http(200, found({ _id: 'u1' }), { connection: 'close' })));

  for (let round = 0; round < 3; round++) expect((await askUser(scene, '_id')).user).toEqual({ _id: 'u1' });
  expect(scene.api.requests).toHaveLength(3);
  expect(scene.api.openedSockets).toBe(3);
});

/** Waits until the layer has decided to try for so many times once more. */
const untilRetried = ({ layer }: Scene, retries: number) =>
  untilMetric(layer.url, `upstream_retries_total{resource="communityUser"} ${retries}`);

for (const status of [429, 503]) {
  test(`a ${status} whose Retry-After fits into the deadline is waited for`, async () => {
    const scene = await startScene(inTurn(always(http(status, SECRET, { 'retry-after': '10' })), well));
    const pass = stopClock();
    const answer = askUser(scene);
    await untilRetried(scene, 1);
    pass(9999);
    await untilRetried(scene, 1);
    expect(scene.api.requests).toHaveLength(1);

    // Beyond it comes what is drawn at random.
    pass(1000);
    expect((await answer).user).toEqual(anna);
  });
}

test('a Retry-After that is a date is waited for, and one in the past is now', async () => {
  const limitedUntil = (date: Date) => http(429, SECRET, { 'retry-after': date.toUTCString() });
  const scene = await startScene(
    inTurn(
      always(limitedUntil(new Date('1994-11-06T08:49:37Z'))),
      ({ socket }) => socket.write(limitedUntil(new Date(Date.now() + 10_000))),
      well,
    ),
  );
  const pass = stopClock();
  const answer = askUser(scene);
  await untilRetried(scene, 1);
  pass(1000);
  await untilRetried(scene, 2);
  // A date has no parts of a second.
  pass(8999);
  await untilRetried(scene, 2);
  expect(scene.api.requests).toHaveLength(2);

  pass(2000);
  expect((await answer).user).toEqual(anna);
});

const tooLate: Record<string, { header: string; seconds: number }> = {
  seconds: { header: '120', seconds: 120 },
  'more than a day': { header: '999999999999999999999', seconds: 86_400 },
  'a date far away': { header: 'Fri, 31 Dec 2999 23:59:59 GMT', seconds: 86_400 },
};

for (const [name, { header, seconds }] of Object.entries(tooLate)) {
  test(`a Retry-After past the deadline, ${name}: RATE_LIMITED at once, and the caller learns when`, async () => {
    const scene = await startScene(always(http(429, SECRET, { 'retry-after': header })));
    const answer = await askUser(scene);

    expect(answer).toMatchObject({ user: null, code: 'RATE_LIMITED', retryable: true });
    expect(answer.extensions.retryAfterSeconds).toBe(seconds);
    expect(scene.api.requests).toHaveLength(1);
  });
}

test('a 503 whose Retry-After is past the deadline is UPSTREAM_UNAVAILABLE at once', async () => {
  const scene = await startScene(always(http(503, SECRET, { 'retry-after': '120' })));

  expect(await askUser(scene)).toMatchObject({ user: null, code: 'UPSTREAM_UNAVAILABLE' });
  expect(scene.api.requests).toHaveLength(1);
});

for (const header of ['soon', '-5', '1.5', '', '1, 2', '0x10', 'Infinity', '2999-12-31']) {
  test(`a Retry-After of "${header}" is as good as none`, async () => {
    const scene = await startScene(always(http(429, SECRET, { 'retry-after': header })));

    expect(await askUser(scene)).toMatchObject({
      code: 'RATE_LIMITED',
      extensions: { retryAfterSeconds: 1 },
    });
    expect(scene.api.requests).toHaveLength(3);
  });
}

test('many GETs that fail at once do not multiply: a share of them is tried again', async () => {
  const users = 100;
  const scene = await startScene(always(http(429)), { UPSTREAM_ATTEMPTS: '3' });
  const ids = Array.from({ length: users }, (_, index) => `u${index}`);
  const started = performance.now();
  await Promise.all(
    [0, 1, 2].map((request) =>
      scene.layer.query('query ($ids: [ID!]!) { communityUsers(communityId: "c", userIds: $ids) { _id } }', {
        variables: { ids: ids.map((id) => `${id}-${request}`) },
      }),
    ),
  );
  const seconds = Math.floor((performance.now() - started) / 1000) + 2;

  expect(scene.api.requests.length).toBeGreaterThan(3 * users);
  // 20 % of the GETs, or else 10 of each second that this went on.
  expect(scene.api.requests.length).toBeLessThanOrEqual(3 * users * 1.2 + 10 * seconds);
});
