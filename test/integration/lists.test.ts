import { expect, test } from 'vitest';
import { absentUserId, communityId, getOf, userId } from '../support/demo.ts';
import { startLayer } from '../support/layer.ts';

const usersOperation = `query ($c: ID!, $u: [ID!]!) {
  communityUsers(communityId: $c, userIds: $u) { userId username }
}`;

test('users come in the order of their ids, each as often as its id, and null where there is none', async () => {
  const layer = await startLayer();
  const ids = [userId(3), absentUserId, userId(1), userId(3), userId(0), absentUserId];
  const answer = await layer.query(usersOperation, { variables: { c: communityId, u: ids } });
  expect(answer.data).toEqual({
    communityUsers: [
      { userId: userId(3), username: 'user3' },
      null,
      { userId: userId(1), username: 'user1' },
      { userId: userId(3), username: 'user3' },
      { userId: userId(0), username: 'admin' },
      null,
    ],
  });
  expect(answer.errors).toBeUndefined();
  const distinct = [userId(0), userId(1), userId(3), absentUserId];
  expect(layer.requests.toSorted()).toEqual(distinct.map((id) => getOf(id, 'username')));
});

test('no ids are no users and no GET', async () => {
  const layer = await startLayer();
  const answer = await layer.query(usersOperation, { variables: { c: communityId, u: [] } });
  expect(answer.data).toEqual({ communityUsers: [] });
  expect(layer.requests).toEqual([]);
});

test('one id in the place of a list is a list of one', async () => {
  const layer = await startLayer();
  const answer = await layer.query(usersOperation, { variables: { c: communityId, u: userId(1) } });
  expect(answer.data).toEqual({ communityUsers: [{ userId: userId(1), username: 'user1' }] });
  expect(layer.requests).toEqual([getOf(userId(1), 'username')]);
});

test('a malformed id fails alone, and makes no GET', async () => {
  const layer = await startLayer();
  const answer = await layer.query(usersOperation, {
    variables: { c: communityId, u: ['..', userId(1), 'a/b'] },
  });
  expect(answer.data).toEqual({ communityUsers: [null, { userId: userId(1), username: 'user1' }, null] });
  expect(answer.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [['communityUsers', 0], 'BAD_USER_INPUT'],
    [['communityUsers', 2], 'BAD_USER_INPUT'],
  ]);
  expect(layer.requests).toEqual([getOf(userId(1), 'username')]);
});

test('users past the limit fail alone, and make no GET', async () => {
  const layer = await startLayer({ env: { MAX_USERS_PER_OPERATION: '2' } });
  const ids = [userId(1), userId(1), userId(2), userId(3), userId(1)];
  const answer = await layer.query(usersOperation, { variables: { c: communityId, u: ids } });
  expect(answer.status).toBe(200);
  expect(answer.data).toMatchObject({
    communityUsers: [
      { username: 'user1' },
      { username: 'user1' },
      { username: 'user2' },
      null,
      { username: 'user1' },
    ],
  });
  expect(answer.errors).toEqual([
    expect.objectContaining({
      path: ['communityUsers', 3],
      extensions: expect.objectContaining({ code: 'TOO_MANY_USERS', retryable: false }),
    }),
  ]);
  expect(layer.requests.toSorted()).toEqual([getOf(userId(1), 'username'), getOf(userId(2), 'username')]);
});

test('a hundred users are a hundred GETs, and their answer is complete', async () => {
  const layer = await startLayer();
  const ids = Array.from({ length: 100 }, (_, number) => userId(number));
  const answer = await layer.query(usersOperation, { variables: { c: communityId, u: ids } });
  expect(answer.errors).toBeUndefined();
  expect(answer.data).toEqual({
    communityUsers: ids.map((id, number) => ({
      userId: id,
      username: number === 0 ? 'admin' : `user${number}`,
    })),
  });
  expect(layer.requests.toSorted()).toEqual(ids.map((id) => getOf(id, 'username')));
});
