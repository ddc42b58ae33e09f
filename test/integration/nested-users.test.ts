import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { echo, shortGets } from '../support/echo-api.ts';
import { startLayer } from '../support/layer.ts';
import { type RestRequest, startRestApi } from '../support/rest-api.ts';

/** A REST API that answers for the user `slow` only once so many GETs of others have come. */
async function startSlowForOne(others: number) {
  const held: (readonly [RestRequest, ServerResponse])[] = [];
  const restApi = await startRestApi((request, response) => {
    if (request.url.includes('/slow?')) held.push([request, response]);
    else echo(request, response);
    if (restApi.requests.filter(({ url }) => !url.includes('/slow?')).length < others) return;
    for (const [slow, answer] of held.splice(0)) echo(slow, answer);
  });
  return restApi;
}

const nested = (id: string) => `_id community { user(userId: "${id}") { email } }`;
const near = (id: string) =>
  `communityUser(communityId: "c", userId: "${id}") { _id community { user(userId: "${id}-friend") { email } } }`;
const friend = (id: string) => ({ _id: id, community: { user: { email: `${id}-friend:email` } } });
const all = (id: string) => ({ _id: id, community: { user: { email: 'friend:email' } } });

test.each<[string, string, unknown, string[]]>([
  [
    'in a list',
    `{ communityUsers(communityId: "c", userIds: ["slow", "u1", "u2"]) { ${nested('friend')} } }`,
    { communityUsers: ['slow', 'u1', 'u2'].map(all) },
    ['friend?email', 'slow?_id', 'u1?_id', 'u2?_id'],
  ],
  [
    'under aliases',
    `{ a: ${near('slow')} b: ${near('u1')} c: ${near('u2')} }`,
    { a: friend('slow'), b: friend('u1'), c: friend('u2') },
    ['slow-friend?email', 'slow?_id', 'u1-friend?email', 'u1?_id', 'u2-friend?email', 'u2?_id'],
  ],
  [
    'among entities',
    `{ _entities(representations: [
      { __typename: "CommunityUser", communityId: "c", userId: "slow" }
      { __typename: "CommunityUser", communityId: "c", userId: "u1" }
    ]) { ... on CommunityUser { ${nested('friend')} } } }`,
    { _entities: ['slow', 'u1'].map(all) },
    ['friend?email', 'slow?_id', 'u1?_id'],
  ],
  [
    'in a list in a list',
    `{ communityUsers(communityId: "c", userIds: ["slow", "u1"]) { _id community { users(userIds: ["u2"]) { _id community { users(userIds: ["u3", "u1"]) { username } } } } } }`,
    {
      communityUsers: ['slow', 'u1'].map((_id) => ({
        _id,
        community: {
          users: [
            { _id: 'u2', community: { users: [{ username: 'u3:username' }, { username: 'u1:username' }] } },
          ],
        },
      })),
    },
    ['slow?_id', 'u1?_id', 'u1?username', 'u2?_id', 'u3?username'],
  ],
])('users below a fast one are asked for while a slow one is out: %s', async (_where, query, data, gets) => {
  // Where one GET waited for another, the slow one would never be answered within the deadline.
  const others = gets.filter((get) => !get.startsWith('slow')).length;
  const layer = await startLayer({ restApi: await startSlowForOne(others), env: { UPSTREAM_ATTEMPTS: '1' } });
  const answer = await layer.query(query);
  expect(answer).toMatchObject({ status: 200, data });
  expect(answer).not.toHaveProperty('errors');
  expect(shortGets(layer.requests)).toEqual(gets);
});

test('a user who is reached again while his GET is out is asked only for what that does not bring', async () => {
  const restApi = await startSlowForOne(1);
  const layer = await startLayer({ restApi });
  const answer = await layer.query(`{
    slow: communityUser(communityId: "c", userId: "slow") { _id email }
    u1: communityUser(communityId: "c", userId: "u1") { community { slow: user(userId: "slow") { email username } again: user(userId: "slow") { _id } } }
  }`);
  expect(answer.data).toEqual({
    slow: { _id: 'slow', email: 'slow:email' },
    u1: { community: { slow: { email: 'slow:email', username: 'slow:username' }, again: { _id: 'slow' } } },
  });
  expect(shortGets(layer.requests)).toEqual(['slow?_id&email', 'slow?username', 'u1?_id']);
});
