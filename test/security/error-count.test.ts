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

test('an answer lists a hundred errors, and says how many more there are', async () => {
  const restApi = await startRestApi(always(500, ''));
  const layer = await startLayer({
    restApi,
    env: { UPSTREAM_ATTEMPTS: '1', MAX_USERS_PER_OPERATION: '1000' },
  });
  const userIds = Array.from({ length: 250 }, (_, index) => userId(index));
  const { data, errors = [] } = await layer.query(
    'query ($communityId: ID!, $userIds: [ID!]!) { communityUsers(communityId: $communityId, userIds: $userIds) { _id } }',
    { variables: { communityId, userIds } },
  );
  expect(data).toEqual({ communityUsers: userIds.map(() => null) });
  expect(errors).toHaveLength(100);
  expect(errors.at(-1)).toMatchObject({
    message: '151 more errors are not listed: a null without an error may be one of them.',
    extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true, requestId: expect.any(String) },
  });
});

test('variables with any number of mistakes are told of fifty at the most', async () => {
  const layer = await startLayer();
  const userIds = Array.from({ length: 20_000 }, () => ({}));
  // From the third time on it would be executed by compiled code.
  for (let time = 0; time < 3; time++) {
    const { errors = [] } = await layer.query(
      'query ($userIds: [ID!]!) { communityUsers(communityId: "c", userIds: $userIds) { _id } }',
      { variables: { userIds } },
    );
    expect(errors.length).toBeLessThanOrEqual(51);
    expect(errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  }
  expect(layer.requests).toEqual([]);
});
