import { expect, test } from 'vitest';
import { communityId, userId } from '../support/demo.ts';
import { startLayer } from '../support/layer.ts';

const entities = (selection: string) =>
  `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on CommunityUser { ${selection} } }
  }`;

const user = (number: number) => ({ __typename: 'CommunityUser', communityId, userId: userId(number) });

test('representations that name a user again count once', async () => {
  const layer = await startLayer({ env: { MAX_USERS_PER_OPERATION: '3' } });
  const representations = Array.from({ length: 1250 }, (_, index) => user(index % 3));
  const { data, errors } = await layer.query(entities('userId username'), { variables: { representations } });
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    _entities: representations.map(({ userId }) => ({ userId, username: expect.any(String) })),
  });
  expect(layer.requests).toHaveLength(3);
});

test('users past the limit fail alone, each place with an error of its own', async () => {
  const layer = await startLayer({ env: { MAX_USERS_PER_OPERATION: '3' } });
  const representations = [0, 1, 3, 0, 4, 3, 5, 5].map(user);
  const { data, errors } = await layer.query(entities('username'), { variables: { representations } });
  const found = { username: expect.any(String) };
  expect(data).toEqual({ _entities: [found, found, found, found, null, found, null, null] });
  expect(errors).toEqual(
    [4, 6, 7].map((index) =>
      expect.objectContaining({
        path: ['_entities', index],
        extensions: { code: 'TOO_MANY_USERS', requestId: expect.any(String), retryable: false },
      }),
    ),
  );
  expect(layer.requests).toHaveLength(3);
});

test('what a small request would multiply to a large answer is refused before any GET', async () => {
  const layer = await startLayer();
  const representations = Array.from({ length: 900 }, () => user(0));
  const answer = await layer.query(entities(`${'a'.repeat(50_000)}: userId`), {
    variables: { representations },
  });
  expect(answer.status).toBe(400);
  expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['RESPONSE_TOO_LARGE']);
  expect(layer.requests).toEqual([]);
});
