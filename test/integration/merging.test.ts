import { describe, expect, test } from 'vitest';
import { absentUserId, communityId, getOf, otherCommunityId, userId } from '../support/demo.ts';
import { type Layer, startLayer } from '../support/layer.ts';

/** The data that three executions of an operation give, of which the later ones are compiled, and the GETs of each. */
async function run(layer: Layer, operation: string): Promise<{ data: unknown; gets: string[] }> {
  const runs: { data: unknown; gets: string[] }[] = [];
  for (let time = 0; time < 3; time++) {
    const before = layer.requests.length;
    const { data, errors } = await layer.query(operation, { token: 'demo-both' });
    expect(errors).toBeUndefined();
    runs.push({ data, gets: layer.requests.slice(before).toSorted() });
  }
  const [first] = runs;
  if (first === undefined) throw new Error('Nothing was run');
  expect(runs).toEqual([first, first, first]);
  return first;
}

const one = (number: number, selection: string) =>
  `communityUser(communityId: "${communityId}", userId: "${userId(number)}") { ${selection} }`;

describe('one GET a user', () => {
  test('over aliases', async () => {
    const layer = await startLayer();
    const { data, gets } = await run(
      layer,
      `{ a: ${one(0, 'displayName')} b: ${one(0, 'isOnline')} c: ${one(0, 'displayName name: username')} d: ${one(0, '__typename')} }`,
    );
    expect(data).toEqual({
      a: { displayName: 'Admin' },
      b: { isOnline: true },
      c: { displayName: 'Admin', name: 'admin' },
      d: { __typename: 'CommunityUser' },
    });
    expect(gets).toEqual([getOf(userId(), 'displayName&username&isOnline')]);
  });

  test('over fields that are merged', async () => {
    const layer = await startLayer();
    const { gets } = await run(layer, `{ ${one(0, 'displayName')} ... { ${one(0, 'isOnline')} } }`);
    expect(gets).toEqual([getOf(userId(), 'displayName&isOnline')]);
  });

  test('over lists, entities and single users', async () => {
    const layer = await startLayer();
    const { data, gets } = await run(
      layer,
      `{
        ${one(1, '_id')}
        communityUsers(communityId: "${communityId}", userIds: ["${userId(1)}", "${userId(2)}"]) { username }
        _entities(representations: [
          { __typename: "CommunityUser", communityId: "${communityId}", userId: "${userId(1)}" }
          { __typename: "Community", id: "${communityId}" }
        ]) {
          ... on CommunityUser { isOnline }
          ... on Community { user(userId: "${userId(2)}") { id } users(userIds: ["${userId(1)}"]) { avatar } }
        }
      }`,
    );
    expect(data).toMatchObject({
      communityUser: { _id: userId(1) },
      communityUsers: [{ username: 'user1' }, { username: 'user2' }],
    });
    expect(gets).toEqual([getOf(userId(1), '_id&avatar&username&isOnline'), getOf(userId(2), 'id&username')]);
  });

  test('of each community: one id in two of them is two users', async () => {
    const layer = await startLayer();
    const { data, gets } = await run(
      layer,
      `{
        a: communityUser(communityId: "${communityId}", userId: "${userId(299)}") { displayName communityId }
        b: communityUser(communityId: "${otherCommunityId}", userId: "${userId(299)}") { displayName id communityId }
      }`,
    );
    expect(data).toMatchObject({ a: { communityId }, b: { communityId: otherCommunityId } });
    expect(gets).toEqual([
      getOf(userId(299), 'displayName'),
      getOf(userId(299), 'id&displayName', otherCommunityId),
    ]);
  });
});

describe('a later wave', () => {
  test('fetches only what it does not have yet', async () => {
    const layer = await startLayer();
    const { data, gets } = await run(
      layer,
      `{ ${one(0, `displayName community { user(userId: "${userId()}") { displayName username } }`)} }`,
    );
    expect(data).toEqual({
      communityUser: {
        displayName: 'Admin',
        community: { user: { displayName: 'Admin', username: 'admin' } },
      },
    });
    expect(gets).toEqual([getOf(userId(), 'displayName'), getOf(userId(), 'username')]);
  });

  test('fetches nothing where it has all', async () => {
    const layer = await startLayer();
    const { gets } = await run(
      layer,
      `{ ${one(0, `displayName username community { user(userId: "${userId()}") { username __typename } }`)} }`,
    );
    expect(gets).toEqual([getOf(userId(), 'displayName&username')]);
  });

  test('is one GET for each new user, over all places that come up together', async () => {
    const layer = await startLayer();
    const { data, gets } = await run(
      layer,
      `{ ${one(
        0,
        `community {
          user(userId: "${userId(1)}") { username }
          users(userIds: ["${userId(1)}", "${userId(2)}", "${userId()}"]) { isOnline }
        }`,
      )} }`,
    );
    expect(data).toMatchObject({
      communityUser: { community: { user: { username: 'user1' }, users: [{}, {}, { isOnline: true }] } },
    });
    expect(gets).toEqual([
      getOf(userId(0), '_id'),
      getOf(userId(0), 'isOnline'),
      getOf(userId(1), 'username&isOnline'),
      getOf(userId(2), 'isOnline'),
    ]);
  });

  test('does not ask again for a user that is known to be absent', async () => {
    // One GET after the other, so that it is known by then.
    const layer = await startLayer({ env: { UPSTREAM_CONNECTIONS: '1' } });
    const { data, gets } = await run(
      layer,
      `{
        communityUsers(communityId: "${communityId}", userIds: ["${absentUserId}", "${userId()}"]) {
          username
          community { user(userId: "${absentUserId}") { email } }
        }
      }`,
    );
    expect(data).toEqual({ communityUsers: [null, { username: 'admin', community: { user: null } }] });
    expect(gets).toEqual([getOf(userId(), 'username'), getOf(absentUserId, 'username')]);
  });

  test('may follow upon another one', async () => {
    const layer = await startLayer();
    const { gets } = await run(
      layer,
      `{ ${one(0, `community { user(userId: "${userId(1)}") { community { user(userId: "${userId(0)}") { username community { user(userId: "${userId(1)}") { username } } } } } }`)} }`,
    );
    expect(gets).toEqual([
      getOf(userId(0), '_id'),
      getOf(userId(0), 'username'),
      getOf(userId(1), '_id'),
      getOf(userId(1), 'username'),
    ]);
  });
});

test('nothing that one request read is there for the next one', async () => {
  const layer = await startLayer();
  const operation = `{ ${one(0, 'email')} }`;
  await layer.query(operation);
  await layer.query(operation);
  expect(layer.requests).toEqual([getOf(userId(), 'email'), getOf(userId(), 'email')]);
});
