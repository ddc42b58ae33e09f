import { describe, expect, test } from 'vitest';
import { communityId, userId } from './rest-api.ts';
import {
  communityRepresentation as community,
  startSubgraph,
  times,
  userRepresentation as user,
} from './test-subgraph.ts';

describe.each(times)('what a selection on representations costs, %s that it comes', (_time, before) => {
  test('50 representations of 7 users are 7 GETs', async () => {
    const subgraph = await startSubgraph({ before });
    const ends = ['7819', '781a', '781b', '781c', '781d', '781e', '781f'];
    const representations = Array.from({ length: 50 }, (_, index) => user(ends[index % 7] ?? ''));
    const answer = await subgraph.entities('... on CommunityUser { userId username }', representations);
    expect(answer).toEqual({
      data: { _entities: representations.map(({ userId }) => ({ userId, username: expect.any(String) })) },
    });
    expect(subgraph.gets()).toEqual(ends.map((end) => `${end}?username`));
  });

  test('fragments and type conditions on _Entity count as the fields that they lead to', async () => {
    const subgraph = await startSubgraph({ before });
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
    const subgraph = await startSubgraph({ before });
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
    const subgraph = await startSubgraph({ before });
    expect(await subgraph.entities(selection, [user('7819')])).toEqual({ data: { _entities: [entity] } });
    expect(subgraph.gets()).toEqual(['7819?_id']);
  });

  test('a community alone costs nothing', async () => {
    const subgraph = await startSubgraph({ before });
    const answer = await subgraph.entities('... on Community { id __typename }', [community]);
    expect(answer).toEqual({ data: { _entities: [{ id: communityId, __typename: 'Community' }] } });
    expect(subgraph.gets()).toEqual([]);
  });

  test('representations may stand in the document', async () => {
    const subgraph = await startSubgraph({ before });
    const answer = await subgraph.ask(`{
      _entities(representations: [
        { __typename: "CommunityUser", communityId: "${communityId}", userId: "${userId('781a')}" }
      ]) { ... on CommunityUser { username } }
    }`);
    expect(answer).toEqual({ data: { _entities: [{ username: 'user1' }] } });
    expect(subgraph.gets()).toEqual(['781a?username']);
  });
});
