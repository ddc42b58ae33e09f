import { expect, test } from 'vitest';
import { expectDiscreet, startScene, token } from './ask.ts';
import { silence, well } from './replies.ts';

const query = 'query ($ids: [ID!]!) { communityUsers(communityId: "c1", userIds: $ids) { _id } }';
const one = '{ communityUser(communityId: "c1", userId: "one-more") { _id } }';
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`);

test('a caller whose line is too long is turned away with 503 and Retry-After, and taken again when it is shorter; others are served', async () => {
  let hanging = true;
  const scene = await startScene((request) => (hanging ? silence : well)(request), {
    UPSTREAM_CONNECTIONS: '2',
    UPSTREAM_TIMEOUT_MS: '150000',
    MAX_USERS_PER_OPERATION: '6000',
  });
  const served = scene.layer.query(query, { token, variables: { ids: idsOf(5500) } });
  await scene.api.until(() => scene.api.requests.length === 2);

  const turnedAway = await scene.layer.query(one, { token });
  expect(turnedAway.status).toBe(503);
  expect(turnedAway.headers.get('retry-after')).toBe('1');
  expect(turnedAway.errors?.[0]?.extensions).toMatchObject({ code: 'OVERLOADED', retryable: true });
  expectDiscreet(turnedAway, scene.api.url);
  expect((await scene.layer.query('{ __typename }', { token })).status).toBe(200);

  const other = scene.layer.query(one, { token: 'another-token' });
  hanging = false;
  for (const request of scene.api.requests) well(request);
  expect(await other).toMatchObject({ status: 200, data: { communityUser: { _id: 'one-more' } } });
  expect((await served).errors).toBeUndefined();
  expect(await scene.layer.query(one, { token })).toMatchObject({
    status: 200,
    data: { communityUser: { _id: 'one-more' } },
  });
});
