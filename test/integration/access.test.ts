import { expect, test } from 'vitest';
import { absentUserId, communityId, getOf, otherCommunityId, userId } from '../support/demo.ts';
import { startLayer } from '../support/layer.ts';
import { startRestApi } from '../support/rest-api.ts';

const user = (id: string, selection: string, community = communityId) =>
  `communityUser(communityId: "${community}", userId: "${id}") { ${selection} }`;

test('what a member may not see of another member is null, and told as withheld', async () => {
  const layer = await startLayer();
  const operation = `{ ${user(userId(), 'email emailHidden: isWithheld(field: email) username isWithheld(field: lastLogin)')} }`;
  const answer = await layer.query(operation, { token: 'demo-member' });
  expect(answer.data).toEqual({
    communityUser: { email: null, emailHidden: true, username: 'admin', isWithheld: true },
  });
  expect(answer.errors).toBeUndefined();
  expect(layer.requests).toEqual([getOf(userId(), 'username&email&lastLogin')]);
});

test('whether a field is withheld costs that field, and depends on nothing beside it', async () => {
  const layer = await startLayer();
  const operation = `query ($field: CommunityUserField!) {
    a: ${user(userId(), 'isWithheld(field: email)')}
    b: ${user(userId(1), 'isWithheld(field: $field) username')}
    c: ${user(userId(2), '...Hidden')}
  }
  fragment Hidden on CommunityUser { email: isWithheld(field: email) username: isWithheld(field: username) }`;
  const answer = await layer.query(operation, { token: 'demo-member', variables: { field: 'lastLogin' } });
  expect(answer.data).toEqual({
    a: { isWithheld: true },
    b: { isWithheld: true, username: 'user1' },
    // The member's own.
    c: { email: false, username: false },
  });
  expect(layer.requests.toSorted()).toEqual([
    getOf(userId(), 'email'),
    getOf(userId(1), 'username&lastLogin'),
    getOf(userId(2), 'username&email'),
  ]);
});

test('what is empty is null, and not withheld', async () => {
  const layer = await startLayer();
  // Of the demo users some have no avatar.
  const ids = Array.from({ length: 30 }, (_, number) => userId(number));
  const { data } = await layer.query(
    'query ($c: ID!, $u: [ID!]!) { communityUsers(communityId: $c, userIds: $u) { avatar isWithheld(field: avatar) } }',
    { variables: { c: communityId, u: ids } },
  );
  expect(data).toEqual({
    communityUsers: expect.arrayContaining([
      { avatar: null, isWithheld: false },
      { avatar: expect.any(String), isWithheld: false },
    ]),
  });
});

test('a member sees all of its own', async () => {
  const layer = await startLayer();
  const answer = await layer.query(`{ ${user(userId(2), 'email isWithheld(field: email)')} }`, {
    token: 'demo-member',
  });
  expect(answer.data).toEqual({ communityUser: { email: 'user2@example.com', isWithheld: false } });
});

test('a user that the community has not got is null, without an error', async () => {
  const layer = await startLayer();
  const answer = await layer.query(`{ ${user(absentUserId, 'email isWithheld(field: email)')} }`);
  expect(answer).toMatchObject({ status: 200, data: { communityUser: null } });
  expect(answer.errors).toBeUndefined();
  expect(layer.requests).toEqual([getOf(absentUserId, 'email')]);
});

test('whoever is no member is told so, in one community and not in the other', async () => {
  const layer = await startLayer();
  const operation = `{ a: ${user(userId(), 'username')} b: ${user(userId(300), 'username', otherCommunityId)} }`;
  const answer = await layer.query(operation);
  expect(answer).toMatchObject({ status: 200, data: { a: { username: 'admin' }, b: null } });
  expect(answer.errors).toEqual([
    {
      message: 'The REST API did not accept the token for this.',
      path: ['b'],
      locations: [expect.any(Object)],
      extensions: {
        code: 'UNAUTHENTICATED',
        retryable: false,
        requestId: answer.headers.get('x-request-id'),
      },
    },
  ]);
  const outsider = await layer.query(`{ ${user(userId(), 'username')} }`, { token: 'demo-outsider' });
  expect(outsider.errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
});

test.each([
  ['no header', {}],
  ['an empty one', { authorization: '' }],
  ['no token in it', { authorization: 'Bearer' }],
  ['another scheme', { authorization: 'Basic ZGVtbzpkZW1v' }],
  ['no scheme', { authorization: 'demo-owner' }],
  ['two tokens', { authorization: 'Bearer demo-owner, Bearer demo-member' }],
  ['characters that no token has', { authorization: 'Bearer demo owner' }],
  ['an endless token', { authorization: `Bearer ${'x'.repeat(5000)}` }],
])('without a token no GET is made: %s', async (_what, headers) => {
  const layer = await startLayer();
  const answer = await layer.query(`{ ${user(userId(), 'email')} __typename }`, { token: null, headers });
  expect(answer).toMatchObject({ status: 200, data: { communityUser: null, __typename: 'Query' } });
  expect(answer.errors).toEqual([
    expect.objectContaining({
      path: ['communityUser'],
      extensions: expect.objectContaining({ code: 'UNAUTHENTICATED', retryable: false }),
    }),
  ]);
  expect(layer.requests).toEqual([]);
});

test('what costs no GET needs no token', async () => {
  const layer = await startLayer();
  const operation =
    '{ __typename _entities(representations: [{ __typename: "Community", id: "c" }]) { ... on Community { id } } }';
  const answer = await layer.query(operation, { token: null });
  expect(answer.data).toEqual({ __typename: 'Query', _entities: [{ id: 'c' }] });
  expect(answer.errors).toBeUndefined();
});

test('the token goes to the REST API as it came', async () => {
  const restApi = await startRestApi();
  const layer = await startLayer({ restApi });
  const operation = `{ ${user(userId(), 'username')} }`;
  for (const authorization of ['Bearer demo-owner', 'bearer demo-owner', 'BEARER demo-owner']) {
    const answer = await layer.query(operation, { token: null, headers: { authorization } });
    expect(answer.data).toEqual({ communityUser: { username: 'admin' } });
    expect(restApi.requests.at(-1)?.headers.authorization).toBe(authorization);
  }
});

test.each(['..', '.', '%2e%2e', 'a/b', 'a b', 'a?b', 'a#b', '', 'ü', 'a\nb', 'a\u0000', 'x'.repeat(65)])(
  'a malformed id makes no GET: %j',
  async (id) => {
    const layer = await startLayer();
    const operation = `query ($id: ID!) {
      asUser: communityUser(communityId: "${communityId}", userId: $id) { email }
      asCommunity: communityUser(communityId: $id, userId: "${userId()}") { email }
      below: communityUser(communityId: "${communityId}", userId: "${userId()}") { community { user(userId: $id) { email } } }
    }`;
    const answer = await layer.query(operation, { variables: { id } });
    expect(answer).toMatchObject({
      status: 200,
      data: { asUser: null, asCommunity: null, below: { community: { user: null } } },
    });
    expect(answer.errors).toEqual(
      ['asUser', 'asCommunity', 'below'].map(() =>
        expect.objectContaining({
          extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', retryable: false }),
        }),
      ),
    );
    expect(layer.requests).toEqual([getOf(userId(), '_id')]);
  },
);

test('many callers at one moment each get their own answer', async () => {
  const layer = await startLayer();
  const operation = `{ ${user(userId(), 'email lastLogin isWithheld(field: email)')} }`;
  const tokens = ['demo-owner', 'demo-member', 'demo-outsider', 'demo-admin'];
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => layer.query(operation, { token: tokens[index % 4] ?? '' })),
  );
  const seen = { email: 'admin@example.com', lastLogin: '2023-12-01T10:30:00.000Z', isWithheld: false };
  const hidden = { email: null, lastLogin: null, isWithheld: true };
  expect(answers.map(({ data }) => data)).toEqual(
    answers.map((_, index) => ({ communityUser: [seen, hidden, null, seen][index % 4] })),
  );
});
