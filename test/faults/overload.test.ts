import { expect, test } from 'vitest';
import { expectDiscreet, startScene, token } from './ask.ts';
import { silence, well } from './replies.ts';

const query = 'query ($ids: [ID!]!) { communityUsers(communityId: "c1", userIds: $ids) { _id } }';
const one = '{ communityUser(communityId: "c1", userId: "one-more") { _id } }';

test('with the line too long, requests are turned away with 503 and Retry-After, and taken again when it is shorter', async () => {
  let hanging = true;
  const scene = await startScene((request) => (hanging ? silence : well)(request), {
    UPSTREAM_CONNECTIONS: '2',
    UPSTREAM_TIMEOUT_MS: '20000',
    MAX_USERS_PER_OPERATION: '11000',
    MAX_REQUEST_BYTES: '1000000',
  });
  const ids = Array.from({ length: 10_500 }, (_, index) => `u${index}`);
  const served = scene.layer.query(query, { variables: { ids } });
  await scene.api.until(() => scene.api.requests.length === 2);

  const turnedAway = await scene.layer.query(one, { token });
  expect(turnedAway.status).toBe(503);
  expect(turnedAway.headers.get('retry-after')).toBe('1');
  expect(turnedAway.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
  expectDiscreet(turnedAway, scene.api.url);

  hanging = false;
  for (const request of scene.api.requests) well(request);
  expect((await served).errors).toBeUndefined();
  expect(await scene.layer.query(one)).toMatchObject({
    status: 200,
    data: { communityUser: { _id: 'one-more' } },
  });
});

test('with the first in line waiting for half of the deadline, requests are turned away', async () => {
  const scene = await startScene(silence, { UPSTREAM_CONNECTIONS: '1', UPSTREAM_TIMEOUT_MS: '3000' });
  const waiting = scene.layer.query(query, { variables: { ids: ['a', 'b'] } });
  await scene.api.until(() => scene.api.requests.length === 1);

  let answer = await scene.layer.query('{ __typename }');
  while (answer.status === 200) answer = await scene.layer.query('{ __typename }');
  expect(answer.status).toBe(503);
  await waiting;
});
