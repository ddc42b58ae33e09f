import { describe, expect, test } from 'vitest';
import { echo, shortGets, startEchoApi } from '../support/echo-api.ts';
import { type Layer, type QueryOptions, startLayer } from '../support/layer.ts';
import { envelope, sendJson, startRestApi } from '../support/rest-api.ts';

interface Right {
  readonly status?: number;
  /** Undefined where the operation is not executed. */
  readonly data?: unknown;
  /** Code and path of each error. */
  readonly errors?: readonly (readonly [code: string, ...path: (string | number)[]])[];
  /** `u1?email` for each GET, sorted. */
  readonly gets?: readonly string[];
}

/** Executes a document five times: each time answer and GETs are these, and the answers are alike to the byte. */
async function expectEachTime(
  layer: Layer,
  query: string,
  options: QueryOptions,
  right: Right,
): Promise<void> {
  const texts = new Set<string>();
  for (let time = 0; time < 5; time++) {
    const before = layer.requests.length;
    const answer = await layer.query(query, options);
    const { status, data, errors = [] } = answer;
    expect(errors.map(({ path = [], extensions }) => [extensions.code, ...path])).toEqual(right.errors ?? []);
    expect({ status, data }).toEqual({ status: right.status ?? 200, data: right.data });
    expect(shortGets(layer.requests.slice(before))).toEqual(right.gets ?? []);
    texts.add(JSON.stringify({ data, errors }).replaceAll(/"requestId":"[^"]*"/g, ''));
  }
  expect(texts.size).toBe(1);
}

const BAD_INPUT = 'BAD_USER_INPUT';

describe('a variable named like a property of every object', () => {
  test.each(['valueOf', 'constructor', 'toString', 'hasOwnProperty', '__proto__'])(
    'is its default where it is not given, and else its value: $%s',
    async (name) => {
      const layer = await startLayer({ restApi: await startEchoApi() });
      const query = `query ($${name}: ID! = "u9") { communityUser(communityId: "c", userId: $${name}) { email } }`;
      const u9 = { data: { communityUser: { email: 'u9:email' } }, gets: ['u9?email'] };
      await expectEachTime(layer, query, {}, u9);
      await expectEachTime(layer, query, { variables: {} }, u9);
      const u1 = { data: { communityUser: { email: 'u1:email' } }, gets: ['u1?email'] };
      await expectEachTime(layer, query, { variables: JSON.parse(`{"${name}":"u1"}`) }, u1);
    },
  );

  test.each(['constructor', '__proto__', 'toString'])(
    'is no operation that a document does not have: %s',
    async (operationName) => {
      const layer = await startLayer({ restApi: await startEchoApi() });
      const errors = [['OPERATION_RESOLUTION_FAILURE']] as const;
      await expectEachTime(layer, 'query A { __typename }', { operationName }, { errors });
    },
  );
});

describe('a null for a variable with a default', () => {
  test('is one error of the field that must not have it', async () => {
    const layer = await startLayer({ restApi: await startEchoApi() });
    await expectEachTime(
      layer,
      'query ($c: ID = "c", $u: ID = "u1") { communityUser(communityId: $c, userId: $u) { id } }',
      { variables: { c: null, u: null } },
      { data: { communityUser: null }, errors: [[BAD_INPUT, 'communityUser']] },
    );
  });

  test('ends the operation where the field must not be null, before any GET', async () => {
    const layer = await startLayer({ restApi: await startEchoApi() });
    await expectEachTime(
      layer,
      `query ($u: [ID!] = ["u1"]) {
        communityUsers(communityId: "c", userIds: $u) { id }
        x: communityUser(communityId: "c", userId: "u2") { id }
      }`,
      { variables: { u: null } },
      { data: null, errors: [[BAD_INPUT, 'communityUsers']] },
    );
  });
});

describe('a null condition', () => {
  const variables = { b: null };
  const x = { email: 'u2:email' };
  const operation = (selection: string) =>
    `query ($b: Boolean = true) { ${selection} x: communityUser(communityId: "c", userId: "u2") { email } }
     ${selection.includes('...F') ? 'fragment F on CommunityUser { id }' : ''}`;

  test.each<[string, string, unknown, Right['errors'], string[]]>([
    [
      'nothing stands there',
      'communityUsers(communityId: "c", userIds: []) { id @include(if: $b) }',
      { communityUsers: [] },
      [],
      [],
    ],
    [
      'an object of a list stands there',
      'communityUsers(communityId: "c", userIds: ["u1"]) { id @include(if: $b) }',
      { communityUsers: [null] },
      [[BAD_INPUT, 'communityUsers', 0]],
      ['u1?_id'],
    ],
    [
      'it is that of a spread',
      'communityUser(communityId: "c", userId: "u1") { email ...F @skip(if: $b) }',
      { communityUser: null },
      [[BAD_INPUT, 'communityUser']],
      ['u1?_id'],
    ],
    [
      'a community stands there',
      'communityUser(communityId: "c", userId: "u1") { email community { id @skip(if: $b) } }',
      { communityUser: null },
      [[BAD_INPUT, 'communityUser', 'community']],
      ['u1?email'],
    ],
    [
      'an entity stands there',
      '_entities(representations: [{ __typename: "CommunityUser", communityId: "c", userId: "u1" }]) { ... on CommunityUser { email @include(if: $b) } }',
      { _entities: [null] },
      [[BAD_INPUT, '_entities', 0]],
      ['u1?_id'],
    ],
    [
      'an entity of another type stands there',
      '_entities(representations: [{ __typename: "Community", id: "c" }]) { ... on CommunityUser { email @include(if: $b) } ... on Community { id } }',
      { _entities: [{ id: 'c' }] },
      [],
      [],
    ],
  ])(
    'is an error where it is executed, and nowhere else: %s',
    async (_where, selection, data, errors, gets) => {
      const layer = await startLayer({ restApi: await startEchoApi() });
      const right = { data: { ...Object(data), x }, errors: errors ?? [], gets: [...gets, 'u2?email'] };
      await expectEachTime(layer, operation(selection), { variables }, right);
    },
  );

  test('of a field of the operation itself is an error of the operation', async () => {
    const layer = await startLayer({ restApi: await startEchoApi() });
    const query = operation('y: communityUser(communityId: "c", userId: "u1") @include(if: $b) { id }');
    await expectEachTime(layer, query, { variables }, { data: null, errors: [[BAD_INPUT]] });
  });
});

describe('wrong variables are a request error', () => {
  const list = 'query ($u: [ID!]!) { communityUsers(communityId: "c", userIds: $u) { id } }';

  test.each([1, 50, 51, 52, 1000])('with an error for each wrong item, up to fifty: %i', async (count) => {
    const layer = await startLayer({ restApi: await startEchoApi() });
    const errors = Array.from({ length: Math.min(count, 51) }, () => [BAD_INPUT] as const);
    await expectEachTime(layer, list, { variables: { u: Array(count).fill({}) } }, { errors });
  });

  test.each([2 ** 53, -(2 ** 53), 1e300])(
    'where an id is a number of which JSON does not say which it is: %s',
    async (number) => {
      const layer = await startLayer({ restApi: await startEchoApi() });
      const one = 'query ($u: ID!) { communityUser(communityId: "c", userId: $u) { id } }';
      const errors = [[BAD_INPUT]] as const;
      await expectEachTime(layer, one, { variables: { u: number } }, { errors });
      await expectEachTime(layer, list, { variables: { u: ['u1', number] } }, { errors });
    },
  );

  test('and in a representation an error at its place', async () => {
    const layer = await startLayer({ restApi: await startEchoApi() });
    const user = (userId: unknown) => ({ __typename: 'CommunityUser', communityId: 'c', userId });
    await expectEachTime(
      layer,
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on CommunityUser { email } } }',
      { variables: { r: [user('u1'), user(2 ** 53), user(9007199254740991)] } },
      {
        data: { _entities: [{ email: 'u1:email' }, null, { email: '9007199254740991:email' }] },
        errors: [[BAD_INPUT, '_entities', 1]],
        gets: ['9007199254740991?email', 'u1?email'],
      },
    );
  });
});

describe('a document that is refused', () => {
  test.each([
    'mutation { x }',
    'subscription { x }',
    'mutation M { __typename }',
    'subscription { __typename }',
  ])('is one for which the schema has no root: %s', async (query) => {
    const layer = await startLayer({ restApi: await startEchoApi() });
    const code = 'GRAPHQL_VALIDATION_FAILED';
    const first = await layer.query(query);
    expect(first.errors?.map(({ extensions }) => extensions.code)).toContain(code);
    const errors = first.errors?.map(() => [code] as const) ?? [];
    await expectEachTime(layer, query, {}, { errors });
    const accept = 'application/graphql-response+json';
    await expectEachTime(layer, query, { headers: { accept } }, { status: 400, errors });
  });

  const nest = (open: string, close: string) => `${open.repeat(1900)}${close.repeat(1900)}`;
  test.each([
    ['a list literal', `{ communityUsers(communityId: "c", userIds: ${nest('[', ']')}) { id } }`],
    [
      'an object literal',
      `{ _entities(representations: ${nest('{a:', '1}').replace('{a:1', '{a:{a:1}')}) { __typename } }`,
    ],
    ['the type of a variable', `query ($u: ${nest('[', ']').replace('[]', '[ID]')}) { __typename }`],
    ['a selection', `{ ${nest('a{', '}')} }`],
    ['an inline fragment', `${nest('{...', '}').replace('{...}', '{a}')}`],
    ['brackets that are never closed', `{ communityUsers(userIds: ${'['.repeat(3900)}`],
  ])('is one that nests deeper than the parser can go: %s', async (_what, query) => {
    const layer = await startLayer({ restApi: await startEchoApi() });
    await expectEachTime(layer, query, {}, { status: 400, errors: [['GRAPHQL_VALIDATION_FAILED']] });
  });
});

test('a fragment on the union of entities applies to each of them', async () => {
  const layer = await startLayer({ restApi: await startEchoApi() });
  await expectEachTime(
    layer,
    `query ($r: [_Any!]!) { _entities(representations: $r) { ...F } }
     fragment F on _Entity { __typename ... on CommunityUser { ...G } }
     fragment G on _Entity { ... on CommunityUser { username } }`,
    {
      variables: {
        r: [
          { __typename: 'CommunityUser', communityId: 'c', userId: 'u1' },
          { __typename: 'Community', id: 'c' },
        ],
      },
    },
    {
      data: {
        _entities: [{ __typename: 'CommunityUser', username: 'u1:username' }, { __typename: 'Community' }],
      },
      gets: ['u1?username'],
    },
  );
});

test('a value of the wrong type is an error at each place of its field, and nowhere else', async () => {
  const restApi = await startRestApi((request, response) => {
    if (!request.url.includes('/u1?')) return echo(request, response);
    return sendJson(response, 200, envelope({ isOnline: 'yes', lastLogin: 7, username: 'n' }));
  });
  const layer = await startLayer({ restApi });
  const code = 'UPSTREAM_BAD_RESPONSE';
  await expectEachTime(
    layer,
    `{ communityUsers(communityId: "c", userIds: ["u1", "u2", "u1"]) {
      a: isOnline username b: isOnline isOnline isOnline ... { lastLogin } isWithheld(field: isOnline)
    } }`,
    {},
    {
      data: {
        communityUsers: ['u1', 'u2', 'u1'].map((user) => {
          const online = user === 'u2' ? true : null;
          return {
            a: online,
            username: user === 'u2' ? 'u2:username' : 'n',
            b: online,
            isOnline: online,
            lastLogin: user === 'u2' ? '2023-12-01T10:30:00.000Z' : null,
            isWithheld: false,
          };
        }),
      },
      errors: [0, 2].flatMap((index) =>
        ['a', 'b', 'isOnline', 'lastLogin'].map((field) => [code, 'communityUsers', index, field] as const),
      ),
      gets: ['u1?username&isOnline&lastLogin', 'u2?username&isOnline&lastLogin'],
    },
  );
});
