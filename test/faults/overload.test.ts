import { expect, test } from 'vitest';
import { untilMetric } from '../support/metrics.ts';
import { expectDiscreet, startScene, token } from './ask.ts';
import { silence, well } from './replies.ts';

const query = 'query ($ids: [ID!]!) { communityUsers(communityId: "c1", userIds: $ids) { _id } }';
const one = '{ communityUser(communityId: "c1", userId: "one-more") { _id } }';
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`);

/** The layer over a REST API that says nothing until it is told to answer everything. */
async function startBusyScene(env: Readonly<Record<string, string>>) {
  let hanging = true;
  const scene = await startScene((request) => (hanging ? silence : well)(request), {
    UPSTREAM_CONNECTIONS: '2',
    UPSTREAM_TIMEOUT_MS: '150000',
    ...env,
  });
  const answerAll = () => {
    hanging = false;
    for (const request of scene.api.requests) well(request);
  };
  return { ...scene, answerAll };
}

test('a caller whose line is too long is turned away with 503 and Retry-After, and taken again when it is shorter; others are served', async () => {
  const scene = await startBusyScene({ MAX_USERS_PER_OPERATION: '6000' });
  const served = scene.layer.query(query, { token, variables: { ids: idsOf(5500) } });
  await scene.api.until(() => scene.api.requests.length === 2);

  const turnedAway = await scene.layer.query(one, { token });
  expect(turnedAway.status).toBe(503);
  expect(turnedAway.headers.get('retry-after')).toBe('1');
  expect(turnedAway.errors?.[0]?.extensions).toMatchObject({ code: 'OVERLOADED', retryable: true });
  expectDiscreet(turnedAway, scene.api.url);
  expect((await scene.layer.query('{ __typename }', { token })).status).toBe(200);

  const other = scene.layer.query(one, { token: 'another-token' });
  scene.answerAll();
  expect(await other).toMatchObject({ status: 200, data: { communityUser: { _id: 'one-more' } } });
  expect((await served).errors).toBeUndefined();
  expect(await scene.layer.query(one, { token })).toMatchObject({
    status: 200,
    data: { communityUser: { _id: 'one-more' } },
  });
});

test('who is turned away is told so, even where the errors would be larger than an answer may be', async () => {
  const scene = await startBusyScene({ MAX_RESPONSE_BYTES: '150000' });
  const ask = (list: number) =>
    scene.layer.query(query, { token, variables: { ids: idsOf(500).map((id) => `${list}-${id}`) } });
  const served = Array.from({ length: 11 }, (_, list) => ask(list));
  await untilMetric(scene.layer.url, 'upstream_gets_waiting 5498');

  const aliases = Array.from(
    { length: 90 },
    (_, at) => `a${at}: communityUsers(communityId: "c1", userIds: $ids) { _id }`,
  );
  const many = `query ($ids: [ID!]!) { ${aliases.join(' ')} }`;
  const turnedAway = await scene.layer.query(many, { token, variables: { ids: idsOf(10) } });
  expect(turnedAway.status).toBe(503);
  expect(turnedAway.errors?.[0]?.extensions).toMatchObject({ code: 'OVERLOADED', retryable: true });

  scene.answerAll();
  for (const answer of await Promise.all(served)) expect(answer.errors).toBeUndefined();
});
