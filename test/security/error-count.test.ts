import { expect, test } from 'vitest';
import { communityId, userId } from '../support/demo.ts';
import { startLayer } from '../support/layer.ts';
import { always, startRestApi } from '../support/rest-api.ts';

test('a document with any number of mistakes is told of the first five', async () => {
  const layer = await startLayer();
  const names = Array.from({ length: 40 }, (_, index) => `wrong${index}`).join(' ');
  const { errors = [] } = await layer.query(`{ ${names} }`, {
    headers: { accept: 'application/graphql-response+json' },
  });
  expect(errors.map(({ message }) => message.slice(0, 30))).toEqual([
    ...Array.from({ length: 5 }, (_, index) =>
      `Cannot query field "wrong${index}" on type "Query".`.slice(0, 30),
    ),
    'Too many validation errors, error limit reached. Validation aborted.'.slice(0, 30),
  ]);
});

test('mistakes do not hide that a document passes a limit', async () => {
  const layer = await startLayer({ env: { MAX_QUERY_ALIASES: '50' } });
  const names = Array.from({ length: 60 }, (_, index) => `a${index}: wrong${index}`).join(' ');
  const answer = await layer.query(`{ ${names} }`);
  expect(answer).toMatchObject({
    status: 400,
    errors: expect.arrayContaining([
      expect.objectContaining({ message: expect.stringContaining('60 aliases') }),
    ]),
  });
});

test('each of 250 users who fail has an error of its own', async () => {
  const restApi = await startRestApi(always(500, ''));
  const layer = await startLayer({ restApi, env: { UPSTREAM_ATTEMPTS: '1' } });
  const userIds = Array.from({ length: 250 }, (_, index) => userId(index));
  const { data, errors = [] } = await layer.query(
    'query ($communityId: ID!, $userIds: [ID!]!) { communityUsers(communityId: $communityId, userIds: $userIds) { _id } }',
    { variables: { communityId, userIds } },
  );
  expect(data).toEqual({ communityUsers: userIds.map(() => null) });
  expect(errors.map(({ path }) => path)).toEqual(userIds.map((_, index) => ['communityUsers', index]));
  for (const { extensions } of errors) {
    expect(extensions).toEqual({
      code: 'UPSTREAM_UNAVAILABLE',
      retryable: true,
      requestId: expect.any(String),
    });
  }
});

test('variables with any number of mistakes are told of fifty at the most', async () => {
  const layer = await startLayer();
  const userIds = Array.from({ length: 20_000 }, () => ({}));
  for (let time = 0; time < 5; time++) {
    const { errors = [] } = await layer.query(
      'query ($userIds: [ID!]!) { communityUsers(communityId: "c", userIds: $userIds) { _id } }',
      { variables: { userIds } },
    );
    expect(errors.length).toBeLessThanOrEqual(51);
    expect(errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  }
  expect(layer.requests).toEqual([]);
});
