import { afterEach, expect, test, vi } from 'vitest';
import { askUser, startScene } from './ask.ts';
import { always, http, well } from './replies.ts';

afterEach(() => void vi.useRealTimers());

test('an outage opens the breaker: users fail at once, nothing is sent, and one probe brings everything back', async () => {
  // The monotonic clock alone, so that its 5 seconds need not be waited for.
  vi.useFakeTimers({ toFake: ['performance'] });
  let down = true;
  const scene = await startScene((request) => (down ? always(http(503)) : well)(request), {
    UPSTREAM_ATTEMPTS: '1',
  });
  const unavailable = { user: null, code: 'UPSTREAM_UNAVAILABLE', retryable: true };
  for (let number = 0; number < 20; number++) {
    expect(await askUser(scene, '_id', `u${number}`)).toMatchObject(unavailable);
  }
  expect(await breakerOf(scene.layer.url)).toBe(1);

  for (let number = 0; number < 5; number++) expect(await askUser(scene)).toMatchObject(unavailable);
  expect(scene.api.requests).toHaveLength(20);

  vi.advanceTimersByTime(5000);
  expect(await askUser(scene)).toMatchObject(unavailable);
  expect(scene.api.requests).toHaveLength(21);
  expect(await askUser(scene)).toMatchObject(unavailable);
  expect(scene.api.requests).toHaveLength(21);

  down = false;
  vi.advanceTimersByTime(5000);
  for (let number = 0; number < 5; number++) {
    expect((await askUser(scene)).user).toEqual({ _id: 'u1', firstName: 'firstName' });
  }
  expect(scene.api.requests).toHaveLength(26);
  expect(await breakerOf(scene.layer.url)).toBe(0);
});

test('users for whom the API fails are one caller’s trouble: the users of the others are answered', async () => {
  const scene = await startScene(
    (request) => (request.url.includes('/bad') ? always(http(500)) : well)(request),
    { UPSTREAM_ATTEMPTS: '1' },
  );
  const ask = (userId: string, as: string) =>
    scene.layer.query(`{ communityUser(communityId: "c1", userId: "${userId}") { _id } }`, { token: as });
  const bad = async () => {
    for (let number = 0; number < 100; number++) await ask(`bad${number}`, 'bad');
  };
  // Alone at first, so that there is nobody else for the breaker to judge by.
  await bad();
  const going = bad();
  for (let number = 0; number < 50; number++) {
    const answer = await ask(`u${number}`, `good-${number % 3}`);
    expect(answer.data).toEqual({ communityUser: { _id: `u${number}` } });
  }
  await going;
});

test('an operation over many users opens it as well, for those that are still to be sent', async () => {
  const scene = await startScene(always(http(500)), { UPSTREAM_ATTEMPTS: '1', UPSTREAM_CONNECTIONS: '2' });
  const ids = Array.from({ length: 100 }, (_, index) => `u${index}`);
  const { errors } = await scene.layer.query(
    'query ($ids: [ID!]!) { communityUsers(communityId: "c", userIds: $ids) { _id } }',
    { variables: { ids } },
  );

  expect(errors).toHaveLength(100);
  expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(
    new Set(['UPSTREAM_UNAVAILABLE']),
  );
  expect(scene.api.requests.length).toBeGreaterThanOrEqual(20);
  // Those under way when it opened.
  expect(scene.api.requests.length).toBeLessThanOrEqual(24);
});

async function breakerOf(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^upstream_breaker_open (.*)$/m.exec(metrics)?.[1]);
}
