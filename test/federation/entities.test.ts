import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { start } from '../../src/server/start.ts';
import { type Ask, ask } from './ask.ts';
import { gets, startRestApi } from './rest-api.ts';
import { communityId, userId } from './test-graph.ts';

const user = (end: string) => ({ __typename: 'CommunityUser', communityId, userId: userId(end) });
const community = { __typename: 'Community', id: communityId };

// What comes again is executed as compiled code, and must not behave otherwise.
const times = [
  ['the first time', 0],
  ['the third time', 2],
] as const;

describe.each(times)('what a selection on representations costs, %s that it comes', (_time, before) => {
  test('50 representations of 7 users are 7 GETs', async () => {
    await using subgraph = await startSubgraph({ before });
    const ends = ['7819', '781a', '781b', '781c', '781d', '781e', '781f'];
    const representations = Array.from({ length: 50 }, (_, index) => user(ends[index % 7] ?? ''));
    const answer = await subgraph.entities('... on CommunityUser { userId username }', representations);
    expect(answer).toEqual({
      data: { _entities: representations.map(({ userId }) => ({ userId, username: expect.any(String) })) },
    });
    expect(subgraph.gets()).toEqual(ends.map((end) => `${end}?username`));
  });

  test('fragments and type conditions on _Entity count as the fields that they lead to', async () => {
    await using subgraph = await startSubgraph({ before });
    const answer = await subgraph.ask(
      `query ($representations: [_Any!]!, $yes: Boolean = true, $no: Boolean!) {
        _entities(representations: $representations) {
          __typename
          ... on CommunityUser { ...Names shown: displayName isOnline @skip(if: $yes) }
          ... on CommunityUser @include(if: $no) { email }
          ... on Community { id }
          ...Avatar
        }
      }
      fragment Names on CommunityUser { lastName ... { firstName } displayName }
      fragment Avatar on _Entity { ... on CommunityUser { avatar } }`,
      { variables: { representations: [user('7819'), community], no: false } },
    );
    expect(answer).toEqual({
      data: {
        _entities: [
          {
            __typename: 'CommunityUser',
            lastName: 'Doe',
            firstName: 'John',
            displayName: 'Admin',
            shown: 'Admin',
            avatar: 'https://returning-ai.com/avatar.png',
          },
          { __typename: 'Community', id: communityId },
        ],
      },
    });
    expect(subgraph.gets()).toEqual(['7819?avatar&displayName&firstName&lastName']);
  });

  test('one user through several selections is one GET of their union', async () => {
    await using subgraph = await startSubgraph({ before });
    const answer = await subgraph.ask(
      `query ($user: [_Any!]!, $community: [_Any!]!, $communityId: ID!, $userId: ID!) {
        a: _entities(representations: $user) { ... on CommunityUser { email } }
        b: _entities(representations: $user) { ... on CommunityUser { id } }
        c: _entities(representations: $community) { ... on Community { user(userId: $userId) { lastName } } }
        d: communityUser(communityId: $communityId, userId: $userId) { username }
      }`,
      { variables: { user: [user('7819')], community: [community], communityId, userId: userId('7819') } },
    );
    expect(answer).toEqual({
      data: {
        a: [{ email: 'admin@example.com' }],
        b: [{ id: '123456789' }],
        c: [{ user: { lastName: 'Doe' } }],
        d: { username: 'admin' },
      },
    });
    expect(subgraph.gets()).toEqual(['7819?id&username&lastName&email']);
  });

  test.each([
    ['__typename', { __typename: 'CommunityUser' }],
    ['... on CommunityUser { userId communityId }', { communityId, userId: userId('7819') }],
    ['... on Community { id }', {}],
  ])('where { %s } is all, the GET asks for _id', async (selection, entity) => {
    await using subgraph = await startSubgraph({ before });
    expect(await subgraph.entities(selection, [user('7819')])).toEqual({ data: { _entities: [entity] } });
    expect(subgraph.gets()).toEqual(['7819?_id']);
  });

  test('a community alone costs nothing', async () => {
    await using subgraph = await startSubgraph({ before });
    const answer = await subgraph.entities('... on Community { id __typename }', [community]);
    expect(answer).toEqual({ data: { _entities: [{ id: communityId, __typename: 'Community' }] } });
    expect(subgraph.gets()).toEqual([]);
  });

  test('representations may stand in the document', async () => {
    await using subgraph = await startSubgraph({ before });
    const answer = await subgraph.ask(`{
      _entities(representations: [
        { __typename: "CommunityUser", communityId: "${communityId}", userId: "${userId('781a')}" }
      ]) { ... on CommunityUser { username } }
    }`);
    expect(answer).toEqual({ data: { _entities: [{ username: 'user1' }] } });
    expect(subgraph.gets()).toEqual(['781a?username']);
  });
});

describe.each(times)('what a representation is trusted for, %s that it comes', (_time, before) => {
  test('what it carries besides its key is not taken for data', async () => {
    await using subgraph = await startSubgraph({ before });
    const forged = {
      displayName: 'Forged',
      email: 'forged@example.com',
      withheldFields: ['avatar'],
      community: { id: 'forged' },
      reputation: 99,
    };
    const answer = await subgraph.entities(
      '... on CommunityUser { userId displayName email withheldFields community { id } }',
      [{ ...user('7819'), ...forged }],
      { token: 'demo-member' },
    );
    expect(answer).toEqual({
      data: {
        _entities: [
          {
            userId: userId('7819'),
            displayName: 'Admin',
            email: null,
            withheldFields: ['email'],
            community: { id: communityId },
          },
        ],
      },
    });
    expect(subgraph.gets()).toEqual(['7819?displayName&email']);
  });

  test('an absent user is null, without an error', async () => {
    await using subgraph = await startSubgraph({ before });
    const answer = await subgraph.entities('... on CommunityUser { userId username withheldFields }', [
      user('7fff'),
      user('7819'),
    ]);
    expect(answer).toEqual({
      data: { _entities: [null, { userId: userId('7819'), username: 'admin', withheldFields: [] }] },
    });
  });

  test('a user who fails is null with an error of its own', async () => {
    await using subgraph = await startSubgraph({ before, failsFor: [userId('781a')] });
    const answer = await subgraph.entities('... on CommunityUser { username }', [user('781a'), user('7819')]);
    expect(answer).toEqual({
      data: { _entities: [null, { username: 'admin' }] },
      errors: [errorAt(0, 'UPSTREAM_UNAVAILABLE', true)],
    });
  });

  test.each<[string, unknown]>([
    ['has no userId', { __typename: 'CommunityUser', communityId }],
    ['has no communityId', { __typename: 'CommunityUser', userId: userId('7819') }],
    ['has a null in its key', { ...user('7819'), userId: null }],
    ['has a boolean in its key', { ...user('7819'), userId: true }],
    ['has a list in its key', { ...user('7819'), userId: [userId('7819')] }],
    ['has an object in its key', { ...user('7819'), communityId: { id: communityId } }],
    ['has an empty id', { ...user('7819'), userId: '' }],
    ['has an id of dots', { ...user('7819'), userId: '..' }],
    ['has an id with a slash', { ...user('7819'), userId: 'a/b' }],
    ['has an id with an escape', { ...user('7819'), userId: '%2e' }],
    ['has an id with a line break', { ...user('7819'), userId: `${userId('7819')}\n` }],
    ['has an id of 65 characters', { ...user('7819'), userId: 'a'.repeat(65) }],
    ['has a bad community id', { ...user('7819'), communityId: 'a b' }],
    ['is a community without an id', { __typename: 'Community' }],
    ['is a community with a bad id', { __typename: 'Community', id: '../users' }],
    ['has no __typename', { communityId, userId: userId('7819') }],
    ['has a __typename that is no string', { ...user('7819'), __typename: ['CommunityUser'] }],
    ['is of an unknown type', { ...user('7819'), __typename: 'Nobody' }],
    ['is of a type that is no entity', { ...user('7819'), __typename: 'Query' }],
    ['is of a type named like a property of every object', { ...user('7819'), __typename: 'constructor' }],
    ['is a string', 'CommunityUser'],
    ['is a number', 5],
    ['is a list', [user('7819')]],
  ])('a representation that %s fails alone', async (_, malformed) => {
    await using subgraph = await startSubgraph({ before });
    const answer = await subgraph.entities('... on CommunityUser { username } ... on Community { id }', [
      user('7819'),
      malformed,
      user('781a'),
      community,
    ]);
    expect(answer).toEqual({
      data: { _entities: [{ username: 'admin' }, null, { username: 'user1' }, { id: communityId }] },
      errors: [errorAt(1, 'BAD_USER_INPUT', false)],
    });
    expect(subgraph.gets()).toEqual(['7819?username', '781a?username']);
  });

  test('without a token each user fails, and nothing is read', async () => {
    await using subgraph = await startSubgraph({ before });
    const representations = [user('7819'), user('781a')];
    const answer = await subgraph.entities('... on CommunityUser { username }', representations, {
      token: null,
    });
    expect(answer).toEqual({
      data: { _entities: [null, null] },
      errors: [errorAt(0, 'UNAUTHENTICATED', false), errorAt(1, 'UNAUTHENTICATED', false)],
    });
    expect(subgraph.gets()).toEqual([]);
  });
});

/**
 * The layer alone, as a gateway sees it, over a REST API that writes down what it is asked. What is asked here is asked
 * `before` times first; `gets` tells of the last time.
 */
async function startSubgraph({ before, failsFor = [] }: { before: number; failsFor?: readonly string[] }) {
  await using started = new AsyncDisposableStack();
  const restApi = started.use(await startRestApi({ failsFor }));
  const layer = await start(readConfig({ PORT: '0', UPSTREAM_URL: restApi.url, UPSTREAM_ATTEMPTS: '1' }));
  started.defer(() => layer.stop());
  const running = started.move();

  let requestsBefore = 0;
  const askAgain = async (query: string, options?: Ask) => {
    for (let time = 0; time < before; time++) await ask(`${layer.url}/graphql`, query, options);
    requestsBefore = restApi.requests.length;
    return ask(`${layer.url}/graphql`, query, options);
  };
  return {
    ask: askAgain,
    entities: (selection: string, representations: readonly unknown[], options?: Ask) =>
      askAgain(
        `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`,
        { ...options, variables: { representations } },
      ),
    gets: () => gets(restApi.requests.slice(requestsBefore)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function errorAt(index: number, code: string, retryable: boolean) {
  return expect.objectContaining({
    path: ['_entities', index],
    extensions: { code, requestId: expect.any(String), retryable },
  });
}
