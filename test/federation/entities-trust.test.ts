import { describe, expect, test } from 'vitest';
import { communityId, userId } from './rest-api.ts';
import {
  communityRepresentation as community,
  startSubgraph,
  times,
  userRepresentation as user,
} from './test-subgraph.ts';

describe.each(times)('what a representation is trusted for, %s that it comes', (_time, before) => {
  test('what it carries besides its key is not taken for data', async () => {
    const subgraph = await startSubgraph({ before });
    const forged = {
      displayName: 'Forged',
      email: 'forged@example.com',
      isWithheld: true,
      community: { id: 'forged' },
      reputation: 99,
    };
    const answer = await subgraph.entities(
      '... on CommunityUser { userId displayName email isWithheld(field: email) community { id } }',
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
            isWithheld: true,
            community: { id: communityId },
          },
        ],
      },
    });
    expect(subgraph.gets()).toEqual(['7819?displayName&email']);
  });

  test('an absent user is null, without an error', async () => {
    const subgraph = await startSubgraph({ before });
    const answer = await subgraph.entities(
      '... on CommunityUser { userId username isWithheld(field: email) }',
      [user('7fff'), user('7819')],
    );
    expect(answer).toEqual({
      data: { _entities: [null, { userId: userId('7819'), username: 'admin', isWithheld: false }] },
    });
  });

  test('a user who fails is null with an error of its own', async () => {
    const subgraph = await startSubgraph({ before, failsFor: [userId('781a')] });
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
    const subgraph = await startSubgraph({ before });
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
    const subgraph = await startSubgraph({ before });
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

function errorAt(index: number, code: string, retryable: boolean) {
  return expect.objectContaining({
    path: ['_entities', index],
    extensions: { code, requestId: expect.any(String), retryable },
  });
}
