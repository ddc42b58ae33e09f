import { expect, test } from 'vitest';
import { BadResponseError, FieldTypeError, UnavailableError } from '#upstream/errors.ts';
import { absent, failed, found } from '../../../support/scripted-reader.ts';
import { createExecutors, type Run, type World } from './executors.ts';

/** Users by their id: absent, failing, with a field of the wrong type, with a withheld field, or good. */
const world: World = ({ question }) => {
  const [, userId = ''] = question.identifiers;
  if (userId.startsWith('absent')) return absent;
  if (userId.startsWith('down')) return failed(new UnavailableError('it answered 500'));
  if (userId.startsWith('broken')) return failed(new BadResponseError('it is not JSON'));
  const values = {
    _id: userId,
    id: '4503599627370497',
    displayName: `Name of ${userId}`,
    username: new FieldTypeError('username'),
    firstName: null,
    isOnline: true,
    lastLogin: new Date('2023-12-01T10:30:00Z'),
  };
  return found(question, values);
};

const ORDERS = [0, 1, 2, 3, 4];

/** An operation, and how it is run. */
const operations: [string, string, Run?][] = [
  [
    'one user',
    '{ communityUser(communityId: "c", userId: "u1") { displayName id isOnline lastLogin firstName } }',
  ],
  ['nothing but a type', '{ __typename communityUser(communityId: "c", userId: "u1") { __typename } }'],
  ['an absent user', '{ communityUser(communityId: "c", userId: "absent") { email community { id } } }'],
  ['a withheld field', '{ communityUser(communityId: "c", userId: "u1") { email withheldFields } }'],
  ['a field of the wrong type', '{ communityUser(communityId: "c", userId: "u1") { username displayName } }'],
  [
    'a failure',
    '{ a: communityUser(communityId: "c", userId: "down") { email } b: communityUser(communityId: "c", userId: "u1") { _id } }',
  ],
  ['a malformed id', '{ communityUser(communityId: "c", userId: "../u1") { email } }'],
  [
    'a list with failures, absent users and malformed ids in all places',
    '{ communityUsers(communityId: "c", userIds: ["down1", "u1", "a/b", "absent1", "broken1", "u2", "down2", "u1", "u3", ""]) { displayName } }',
  ],
  [
    'a list of failures',
    '{ communityUsers(communityId: "c", userIds: ["down1", "broken1", "", "down2"]) { email } }',
  ],
  ['an empty list', '{ communityUsers(communityId: "c", userIds: []) { displayName } }'],
  [
    'lists within a list',
    '{ communityUsers(communityId: "c", userIds: ["u1", "down1", "u2"]) { community { users(userIds: ["u3", "down2", "u1"]) { displayName community { user(userId: "down3") { email } } } } } }',
  ],
  [
    'entities',
    `{ _entities(representations: [
      { __typename: "CommunityUser", communityId: "c", userId: "down1" }
      { __typename: "Community", id: "c" }
      { __typename: "Nothing" }
      { __typename: "CommunityUser", communityId: "c", userId: "u1" }
      { __typename: "CommunityUser", communityId: "c" }
      7
      { __typename: "CommunityUser", communityId: "c", userId: "absent" }
      { __typename: "Community" }
    ]) { __typename ... on CommunityUser { displayName } ... on Community { id user(userId: "u2") { _id } } } }`,
  ],
  [
    'entities in a variable',
    'query ($reps: [_Any!]!) { _entities(representations: $reps) { ... on CommunityUser { userId displayName } } }',
    {
      variables: {
        reps: [
          { __typename: 'CommunityUser', communityId: 'c', userId: 'broken1' },
          { __typename: 'CommunityUser', communityId: 'c', userId: 'u1' },
        ],
      },
    },
  ],
  [
    'a variable in a representation',
    'query ($c: ID!) { _entities(representations: [{ __typename: "CommunityUser", communityId: $c, userId: "u1" }]) { ... on CommunityUser { displayName } } }',
    { variables: { c: 'c' } },
  ],
  [
    'a single value in the place of a list',
    '{ communityUsers(communityId: "c", userIds: "u1") { displayName } }',
  ],
  [
    'a single value for a list variable',
    'query ($u: [ID!]!) { communityUsers(communityId: "c", userIds: $u) { displayName } }',
    { variables: { u: 'u1' } },
  ],
  [
    'a list of variables and literals',
    'query ($a: ID!, $b: ID!) { communityUsers(communityId: $a, userIds: [$b, "u1", $a, 7]) { displayName userId } }',
    { variables: { a: 'c', b: 12 } },
  ],
  [
    'a default that is used',
    'query ($u: ID = "u1", $all: [ID!] = ["u2", "u3"]) { communityUser(communityId: "c", userId: $u) { _id } communityUsers(communityId: "c", userIds: $all) { _id } }',
  ],
  [
    'null for a variable with a default',
    'query ($u: ID = "u1") { communityUser(communityId: "c", userId: $u) { _id } other: communityUser(communityId: "c", userId: "u2") { _id } }',
    { variables: { u: null } },
  ],
  [
    'null for a list variable with a default',
    'query ($u: [ID!] = ["u1"]) { communityUsers(communityId: "c", userIds: $u) { _id } }',
    { variables: { u: null } },
  ],
  [
    'null for a variable with a default in a list',
    'query ($u: ID = "u1") { communityUsers(communityId: "c", userIds: [$u]) { _id } }',
    { variables: { u: null } },
  ],
  [
    'null for a list below a user',
    'query ($u: [ID!] = ["u1"]) { communityUser(communityId: "c", userId: "u2") { _id community { users(userIds: $u) { _id } } } }',
    { variables: { u: null } },
  ],
  ['a missing variable', 'query ($u: ID!) { communityUser(communityId: "c", userId: $u) { _id } }'],
  [
    'null for a required variable',
    'query ($u: ID!) { communityUser(communityId: "c", userId: $u) { _id } }',
    { variables: { u: null } },
  ],
  [
    'an object for an ID',
    'query ($u: ID!) { communityUser(communityId: "c", userId: $u) { _id } }',
    { variables: { u: {} } },
  ],
  [
    'a fraction for an ID',
    'query ($u: ID!) { communityUser(communityId: "c", userId: $u) { _id } }',
    { variables: { u: 1.5 } },
  ],
  [
    'null in a list of ids',
    'query ($u: [ID!]!) { communityUsers(communityId: "c", userIds: $u) { _id } }',
    { variables: { u: ['u1', null] } },
  ],
  [
    'a variable too many',
    'query ($u: ID!) { communityUser(communityId: "c", userId: $u) { _id } }',
    { variables: { u: 'u1', x: 1 } },
  ],
  [
    'a string for a condition',
    'query ($if: Boolean!) { communityUser(communityId: "c", userId: "u1") { _id @skip(if: $if) displayName } }',
    { variables: { if: 'true' } },
  ],
  [
    'a missing condition',
    'query ($if: Boolean!) { communityUser(communityId: "c", userId: "u1") { _id @include(if: $if) } }',
  ],
  [
    'null for a condition with a default',
    'query ($if: Boolean = true) { communityUser(communityId: "c", userId: "u1") { _id @skip(if: $if) } }',
    { variables: { if: null } },
  ],
  [
    'null for a condition with a default, at the top',
    'query ($if: Boolean = true) { communityUser(communityId: "c", userId: "u1") @include(if: $if) { _id } }',
    { variables: { if: null } },
  ],
  [
    'the default of a condition',
    'query ($if: Boolean = true) { communityUser(communityId: "c", userId: "u1") { _id @skip(if: $if) displayName } }',
  ],
  ['everything skipped', '{ communityUser(communityId: "c", userId: "u1") @skip(if: true) { _id } }'],
  [
    'everything of a user skipped',
    '{ communityUser(communityId: "c", userId: "u1") { _id @include(if: false) } }',
  ],
  [
    'a fragment that is spread twice, skipped once',
    'query ($if: Boolean!) { communityUser(communityId: "c", userId: "u1") { ...F @skip(if: $if) ...F } } fragment F on CommunityUser { displayName community { id @include(if: $if) } }',
    { variables: { if: true } },
  ],
  [
    'one of several operations',
    'query A { communityUser(communityId: "c", userId: "u1") { ...F } } query B($if: Boolean!) { communityUser(communityId: "c", userId: "u2") { ...F _id @skip(if: $if) } } fragment F on CommunityUser { displayName }',
    { operationName: 'B', variables: { if: false } },
  ],
  [
    'an alias that is the name of another field',
    '{ communityUser(communityId: "c", userId: "u1") { email: displayName displayName: _id } }',
  ],
  [
    'the same field twice',
    '{ communityUser(communityId: "c", userId: "u1") { displayName } communityUser(communityId: "c", userId: "u1") { displayName isOnline community { id } community { __typename } } }',
  ],
  [
    '__proto__ as an alias',
    '{ __proto__: communityUser(communityId: "c", userId: "u1") { __proto__: displayName _id } }',
  ],
  [
    '__proto__ as a variable',
    'query ($__proto__: ID!) { communityUser(communityId: "c", userId: $__proto__) { _id } }',
    { variables: JSON.parse('{ "__proto__": "u1" }') },
  ],
  [
    'names of things that every object has',
    '{ constructor: communityUser(communityId: "c", userId: "u1") { toString: displayName hasOwnProperty: _id valueOf: username } }',
  ],
  [
    'names with which two paths look the same',
    '{ a: communityUser(communityId: "c", userId: "u1") { community { user(userId: "u2") { displayName } } } user_community_a: communityUser(communityId: "c", userId: "u3") { _id } }',
  ],
  [
    'names that look like places in a list',
    '{ a: _entities(representations: [{ __typename: "Community", id: "c" }]) { ... on Community { b: user(userId: "u1") { displayName } } } b_Community_idx0_a: communityUser(communityId: "c", userId: "u2") { _id } }',
  ],
  [
    'introspection',
    '{ __schema { types { kind name fields(includeDeprecated: true) { name args { name defaultValue type { ofType { name } } } } } directives { name locations } } }',
  ],
  [
    'introspection under other names',
    'query ($n: String!) { t: __type(name: $n) { n: name __typename enumValues { name } } s: __schema { q: queryType { n: name } } }',
    { variables: { n: 'CommunityUserField' } },
  ],
  ['the subgraph’s schema', '{ _service { sdl } }'],
  ['a syntax error', '{ communityUser('],
  ['an unknown field', '{ communityUser(communityId: "c", userId: "u1") { password } }'],
];

test.each(operations)(
  '%s is answered alike by graphql-js and by compiled code',
  async (_name, query, run = {}) => {
    const execute = createExecutors(world);
    const byGraphqlJs = await execute(query, run);
    for (const order of ORDERS) expect(await execute(query, { ...run, order })).toEqual(byGraphqlJs);
  },
);

test('what one execution compiled holds for other variables', async () => {
  const query = `query ($u: [ID!]!, $more: Boolean!) {
    communityUsers(communityId: "c", userIds: $u) { _id ...F @include(if: $more) }
  }
  fragment F on CommunityUser { displayName email @skip(if: $more) }`;
  const execute = createExecutors(world);
  for (const more of [true, false, true, false, true, false]) {
    const { data } = await execute(query, { variables: { u: ['u1'], more } });
    const user = more ? { _id: 'u1', displayName: 'Name of u1' } : { _id: 'u1' };
    expect(data).toEqual({ communityUsers: [user] });
  }
});

test('a string in a document is never run as code', async () => {
  // graphql-jit 0.8 writes literals into the code that it makes, and turns this mark into `new Date(…)`.
  const mark = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';
  const code = 'globalThis.ranCodeOfAClient=true';
  const execute = createExecutors(world);
  for (const written of [mark, mark.replaceAll('_', '\\u005f')]) {
    for (const argument of [`"${written}${code}"`, `"""${mark}${code}"""`, `{ a: ["${written}${code}"] }`]) {
      const query = argument.startsWith('{')
        ? `{ _entities(representations: [${argument}]) { __typename } }`
        : `{ communityUser(communityId: "c", userId: ${argument}) { _id } }`;
      for (let time = 0; time < 3; time++) {
        const { errors } = await execute(query);
        expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
      }
    }
  }
  expect('ranCodeOfAClient' in globalThis).toBe(false);
});
