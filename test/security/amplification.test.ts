import { describe, expect, test } from 'vitest';
import { communityId, userId } from '../support/demo.ts';
import { type Answer, type Layer, startLayer } from '../support/layer.ts';
import { always, envelope, startRestApi } from '../support/rest-api.ts';

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

describe('the size of an answer is reckoned before any GET', () => {
  const env = { MAX_RESPONSE_BYTES: '20000' };

  /** The whole operation is refused, at no cost, however often it comes. */
  async function expectRefusal(layer: Layer, askOnce: () => Promise<Answer>): Promise<void> {
    for (let time = 0; time < 5; time++) {
      const answer = await askOnce();
      expect(answer).toMatchObject({
        status: 400,
        errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE', retryable: false } }],
      });
      expect(answer).not.toHaveProperty('data');
    }
    expect(layer.requests).toEqual([]);
  }

  test('for a list of one user, again and again', async () => {
    const layer = await startLayer({ env });
    const one = (count: number) => ask(layer, nested(0), Array(count).fill(userId()));
    // Each place has its braces, its comma and `"_id":`, and then the id.
    await expectRefusal(layer, () => one(1000));
    expect(await one(500)).toMatchObject({ status: 200, data: { communityUsers: { length: 500 } } });
    expect(layer.requests).toHaveLength(1);
  });

  test.each([
    ['one level of lists', 1, 40],
    ['two', 2, 12],
    ['four', 4, 5],
  ])('however deep the lists go: %s', async (_, levels, count) => {
    const layer = await startLayer({ env });
    await expectRefusal(layer, () => ask(layer, nested(levels), users(count)));
  });

  test('however many single users stand below each of a list', async () => {
    const layer = await startLayer({ env });
    const single = users(90).map((id, index) => `u${index}: user(userId: "${id}") { _id }`);
    const query = `query ($communityId: ID!, $userIds: [ID!]!) {
      communityUsers(communityId: $communityId, userIds: $userIds) { community { ...Many } }
    }
    fragment Many on Community { ${single.join(' ')} }`;
    await expectRefusal(layer, () => ask(layer, query, users(11)));
  });

  test('for all lists together', async () => {
    const layer = await startLayer({ env });
    const lists = users(50).map(
      (_, index) => `a${index}: communityUsers(communityId: $communityId, userIds: $userIds) { _id }`,
    );
    const query = `query ($communityId: ID!, $userIds: [ID!]!) { ${lists.join(' ')} }`;
    await expectRefusal(layer, () => ask(layer, query, users(21)));
  });

  test('for lists in the document, and for their keys', async () => {
    const layer = await startLayer({ env });
    const list = JSON.stringify(Array(100).fill(userId()));
    const query = `{ communityUsers(communityId: "${communityId}", userIds: ${list}) { ${'k'.repeat(200)}: _id } }`;
    await expectRefusal(layer, () => layer.query(query));
  });

  test('for what a router asks for, be it without a GET', async () => {
    const layer = await startLayer({ env });
    const representations = Array(1000).fill({ __typename: 'Community', id: communityId });
    const query =
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Community { id } } }';
    await expectRefusal(layer, () => layer.query(query, { variables: { r: representations } }));
  });
});

describe('the size of an answer is held while it is answered', () => {
  test('where the values are long: the whole operation ends, and its GETs', async () => {
    const restApi = await startRestApi(always(200, envelope({ username: 'x'.repeat(1000) })));
    const layer = await startLayer({ restApi, env: { MAX_RESPONSE_BYTES: '20000' } });
    const query = nested(0).replace('_id', 'username');
    const answer = await ask(layer, query, users(30));
    expect(answer).toMatchObject({ status: 200, data: null });
    expect(answer.errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'RESPONSE_TOO_LARGE' }) }),
    ]);
    expect(await ask(layer, query, users(15))).not.toHaveProperty('errors');
  });

  test('where the characters take several bytes', async () => {
    const restApi = await startRestApi(always(200, envelope({ username: '\u20ac'.repeat(1000) })));
    const layer = await startLayer({ restApi, env: { MAX_RESPONSE_BYTES: '20000' } });
    const query = nested(0).replace('_id', 'username');
    expect(codes(await ask(layer, query, users(10)))).toEqual(['RESPONSE_TOO_LARGE']);
    expect(codes(await ask(layer, query, users(5)))).toEqual([]);
  });

  test('to the byte, whatever a report adds to it', async () => {
    const layer = await startLayer();
    const body = `${JSON.stringify({ data: (await ask(layer, nested(0), users(3))).data })}\n`;
    for (const [maxBytes, refused] of [
      [body.length, []],
      [body.length - 1, ['RESPONSE_TOO_LARGE']],
    ] as const) {
      const held = await startLayer({ env: { MAX_RESPONSE_BYTES: String(maxBytes) } });
      for (const headers of [{}, { 'x-upstream-report': '1' }]) {
        const variables = { communityId, userIds: users(3) };
        expect(codes(await held.query(nested(0), { variables, headers }))).toEqual(refused);
      }
    }
  });

  test('where it is full of errors', async () => {
    const restApi = await startRestApi(always(500, ''));
    const layer = await startLayer({
      restApi,
      env: { MAX_RESPONSE_BYTES: '20000', UPSTREAM_ATTEMPTS: '1' },
    });
    expect(codes(await ask(layer, nested(0), users(100)))).toEqual(['RESPONSE_TOO_LARGE']);
    const few = await ask(layer, nested(0), users(20));
    expect(few.errors).toHaveLength(20);
    expect(codes(few)).toEqual(['UPSTREAM_UNAVAILABLE']);
  });

  test('where each of many errors repeats a long key in its path', async () => {
    const layer = await startLayer();
    const query = nested(0).replace('communityUsers', `${'k'.repeat(90_000)}: communityUsers`);
    const answer = await layer.query(query, {
      variables: { communityId, userIds: Array(12_000).fill(userId()) },
      token: null,
    });
    expect(answer).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE' } }],
    });
  });

  test.each([
    ['null', '[ID!] = []'],
    ['there', '[ID!]!'],
  ])('where each of many errors has many locations, and the data is %s', async (_, type) => {
    const layer = await startLayer({ env: { MAX_RESPONSE_BYTES: '100000' } });
    const merged = 'a: communityUsers(communityId: "c", userIds: $userIds) { userId } '.repeat(40);
    const query = `query ($userIds: [ID!]!, $last: ${type}) {
      ${merged} z: communityUsers(communityId: "c", userIds: $last) { userId }
    }`;
    const variables = { userIds: Array(200).fill('..'), last: type.endsWith('!') ? [] : null };
    expect(await layer.query(query, { variables })).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE' } }],
    });
  });

  test('to the byte where it has errors', async () => {
    const userIds = [userId(), ...Array(5).fill('not an id')];
    const layer = await startLayer();
    const query = nested(0);
    const { data, errors = [] } = await ask(layer, query, userIds);
    const requestId = 'r';
    const short = errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
    const { length } = `${JSON.stringify({ errors: short, data })}\n`;
    for (const [maxBytes, fits] of [
      [length, true],
      [length - 1, false],
    ] as const) {
      const held = await startLayer({ env: { MAX_RESPONSE_BYTES: String(maxBytes) } });
      const headers = { 'x-request-id': requestId };
      const answer = await held.query(query, { variables: { communityId, userIds }, headers });
      expect(codes(answer)).toEqual([fits ? 'BAD_USER_INPUT' : 'RESPONSE_TOO_LARGE']);
    }
  });

  test('where users were asked for, but none of their GETs was made yet', async () => {
    const layer = await startLayer({ env: { MAX_RESPONSE_BYTES: '20000' } });
    for (const userIds of [
      [userId(), ...Array(300).fill('not an id')],
      [...Array(300).fill('not an id'), userId()],
    ]) {
      expect(await ask(layer, nested(0), userIds)).toMatchObject({
        status: 400,
        errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE' } }],
      });
    }
    expect(layer.requests).toEqual([]);
  });

  test('where no GET was made: then it is refused like before one', async () => {
    const layer = await startLayer({ env: { MAX_RESPONSE_BYTES: '20000' } });
    const answer = await layer.query(nested(0), {
      variables: { communityId, userIds: Array(300).fill('not an id') },
    });
    expect(answer).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE' } }],
    });
    expect(layer.requests).toEqual([]);
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
});

test('past the distinct users of an operation those within are read, and each other place says why not', async () => {
  const layer = await startLayer({ env: { MAX_USERS_PER_OPERATION: '3' } });
  const ids = [0, 1, 1, 2, 3, 0, 4, 3].map((number) => userId(number));
  const found = { _id: expect.any(String) };
  for (let time = 1; time <= 3; time++) {
    const { status, data, errors } = await ask(layer, nested(0), ids);
    expect(status).toBe(200);
    expect(data).toEqual({ communityUsers: [found, found, found, found, null, found, null, null] });
    expect(errors).toEqual(
      [4, 6, 7].map((index) =>
        expect.objectContaining({
          path: ['communityUsers', index],
          extensions: expect.objectContaining({ code: 'TOO_MANY_USERS', retryable: false }),
        }),
      ),
    );
    expect(layer.requests).toHaveLength(3 * time);
  }
});
