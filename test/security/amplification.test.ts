import { describe, expect, test } from 'vitest';
import { communityId, userId } from '../support/demo.ts';
import { type Answer, type Layer, startLayer } from '../support/layer.ts';

const users = (count: number) => Array.from({ length: count }, (_, index) => userId(index));

/** Lists of users in the communities of lists of users, so many levels below the first list. */
const nested = (levels: number) => `query ($communityId: ID!, $userIds: [ID!]!) {
  communityUsers(communityId: $communityId, userIds: $userIds) {
    ${'community { users(userIds: $userIds) {'.repeat(levels)} _id ${'} }'.repeat(levels)}
  }
}`;

async function ask(layer: Layer, query: string, userIds: readonly string[]): Promise<Answer> {
  return layer.query(query, { variables: { communityId, userIds } });
}

function codes({ errors = [] }: Answer): unknown[] {
  return [...new Set(errors.map(({ extensions }) => extensions.code))];
}

describe('an answer has a thousand places for users', () => {
  test('which a list may take all of, for the same user even', async () => {
    const layer = await startLayer();
    const answer = await ask(
      layer,
      nested(0),
      Array.from({ length: 1000 }, () => userId()),
    );
    expect(answer).toMatchObject({ status: 200, data: { communityUsers: { length: 1000 } } });
    expect(answer).not.toHaveProperty('errors');
    expect(layer.requests).toHaveLength(1);
  });

  test('and not one more', async () => {
    const layer = await startLayer();
    const answer = await ask(
      layer,
      nested(0),
      Array.from({ length: 1001 }, () => userId()),
    );
    expect(answer).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'TOO_MANY_USERS', retryable: false } }],
    });
    expect(layer.requests).toEqual([]);
  });

  test('a list in a list included', async () => {
    const layer = await startLayer();
    const answer = await ask(layer, nested(1), users(30));
    expect(answer).not.toHaveProperty('errors');
    expect(layer.requests).toHaveLength(30);
  });

  test.each([
    ['one level of lists', 1, 100],
    ['two', 2, 60],
    ['four', 4, 100],
  ])('however deep the lists go: %s', async (_, levels, count) => {
    const layer = await startLayer();
    const ids = users(count);
    for (let time = 0; time < 3; time++) {
      const answer = await ask(layer, nested(levels), ids);
      expect(codes(answer)).toEqual(['TOO_MANY_USERS']);
      expect(JSON.stringify(answer).length).toBeLessThan(100_000);
    }
  });

  test('however many single users stand below each of a list', async () => {
    const layer = await startLayer();
    const single = users(90).map((id, index) => `u${index}: user(userId: "${id}") { _id }`);
    const query = `query ($communityId: ID!, $userIds: [ID!]!) {
      communityUsers(communityId: $communityId, userIds: $userIds) { community { ...Many } }
    }
    fragment Many on Community { ${single.join(' ')} }`;
    expect(codes(await ask(layer, query, users(10)))).toEqual([]);
    expect(codes(await ask(layer, query, users(11)))).toEqual(['TOO_MANY_USERS']);
  });

  test('for all lists together', async () => {
    const layer = await startLayer();
    const lists = Array.from(
      { length: 50 },
      (_, index) => `
      a${index}: communityUsers(communityId: $communityId, userIds: $userIds) { _id }`,
    );
    const query = `query ($communityId: ID!, $userIds: [ID!]!) { ${lists.join('')} }`;
    expect(codes(await ask(layer, query, users(20)))).toEqual([]);
    expect(codes(await ask(layer, query, users(21)))).toEqual(['TOO_MANY_USERS']);
  });

  test('what a router asks for included', async () => {
    const layer = await startLayer();
    const ask = (representations: unknown[]) =>
      layer.query('query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }', {
        variables: { r: representations },
      });
    const one = { __typename: 'Community', id: communityId };
    expect(codes(await ask(Array.from({ length: 1000 }, () => one)))).toEqual([]);
    expect(codes(await ask(Array.from({ length: 1001 }, () => one)))).toEqual(['TOO_MANY_USERS']);
  });

  test('or ten for each user that an operation may ask for, where those are more', async () => {
    const layer = await startLayer({ env: { MAX_USERS_PER_OPERATION: '300' } });
    const ids = Array.from({ length: 3000 }, (_, index) => userId(index % 300));
    expect(codes(await ask(layer, nested(0), ids))).toEqual([]);
    expect(codes(await ask(layer, nested(0), [...ids, userId()]))).toEqual(['TOO_MANY_USERS']);
  });
});

describe('a document that would grow', () => {
  test('by fragments that spread another twice is refused before it does', async () => {
    const layer = await startLayer();
    const fragments = Array.from(
      { length: 30 },
      (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
    );
    const answer = await layer.query(`{ ...F0 } ${fragments.join(' ')} fragment F30 on Query { __typename }`);
    expect(answer.status).toBe(400);
    expect(codes(answer)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  test('past the distinct users of an operation reads those within, and says of which it did not', async () => {
    const layer = await startLayer({ env: { MAX_USERS_PER_OPERATION: '3' } });
    const answer = await ask(layer, nested(0), users(5));
    expect(answer).toMatchObject({
      status: 200,
      data: { communityUsers: [{}, {}, {}, null, null] },
      errors: [3, 4].map((index) => ({
        path: ['communityUsers', index],
        extensions: { code: 'TOO_MANY_USERS' },
      })),
    });
    expect(layer.requests).toHaveLength(3);
  });
});
