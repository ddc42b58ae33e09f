import { expect, test } from 'vitest';
import { entities } from '#graphql/entities/index.ts';
import { createSchema, readSdl } from '#graphql/schema.ts';
import { type ExplainedVariant, explainDocument } from '../../src/explain/explain-document.ts';

const context = createSchema(readSdl(), entities);
const limits = { maxBytes: 102_400, maxTokens: 4000, maxDepth: 10, maxAliases: 100, maxDirectives: 200 };

const explain = (text: string) => explainDocument('test', text, context, limits);

/** `communities/…` and what it is made for, in one line a GET. */
function linesOf({ calls }: ExplainedVariant): string[] {
  return calls.map(({ request, times }) =>
    [request.replace('GET /apis/v1/communities/', ''), ...times].join(' \u00d7 '),
  );
}

function callsOf(text: string): string[] {
  const { problems, operations } = explain(text);
  expect(problems).toEqual([]);
  return operations.flatMap(({ variants }) => variants.flatMap(linesOf));
}

test.each<[string, string, string[]]>([
  [
    'one user',
    'query ($c: ID!, $u: ID!) { communityUser(communityId: $c, userId: $u) { name: displayName email } }',
    ['$c/users/$u?displayName&email'],
  ],
  ['literal ids', '{ communityUser(communityId: "c", userId: 7) { __typename } }', ['c/users/7?_id']],
  [
    'aliases of one user',
    'query ($u: ID!) { a: communityUser(communityId: "c", userId: $u) { email } b: communityUser(communityId: "c", userId: $u) { username } }',
    ['c/users/$u?username&email'],
  ],
  [
    'a list',
    'query ($c: ID!, $userIds: [ID!]!) { communityUsers(communityId: $c, userIds: $userIds) { email } }',
    ['$c/users/$userIds?email \u00d7 $userIds'],
  ],
  [
    'whether a field is withheld',
    'query ($f: CommunityUserField!) { communityUser(communityId: "c", userId: "u") { isWithheld(field: email) other: isWithheld(field: $f) } }',
    ['c/users/u?email&$f'],
  ],
  [
    'a user below',
    'query ($u: ID!) { communityUser(communityId: "c", userId: $u) { community { user(userId: "v") { email } } } }',
    ['c/users/$u?_id', 'c/users/v?email'],
  ],
  [
    'the same user below, for what is missing',
    'query ($u: ID!) { communityUser(communityId: "c", userId: $u) { email community { user(userId: $u) { email username } again: user(userId: $u) { email avatar } } } }',
    ['c/users/$u?email', 'c/users/$u?avatar&username'],
  ],
  [
    'the same user below, for nothing more',
    'query ($u: ID!) { communityUser(communityId: "c", userId: $u) { email community { user(userId: $u) { email } } } }',
    ['c/users/$u?email'],
  ],
  [
    'the same user below, of whom was asked whether he exists',
    '{ communityUser(communityId: "c", userId: "u") { community { user(userId: "u") { _id } } } }',
    ['c/users/u?_id'],
  ],
  [
    'the same question below',
    'query ($f: CommunityUserField!) { communityUser(communityId: "c", userId: "u") { isWithheld(field: $f) again: isWithheld(field: $f) community { user(userId: "u") { isWithheld(field: $f) } } } }',
    ['c/users/u?$f'],
  ],
  [
    'lists that stand in the document',
    'query ($u: ID!) { a: communityUsers(communityId: "c", userIds: ["v", $u, "v"]) { email } b: communityUsers(communityId: "c", userIds: 7) { id } c: communityUser(communityId: "c", userId: "v") { id } d: communityUsers(communityId: "c", userIds: []) { id } }',
    ['c/users/v?id&email', 'c/users/$u?email', 'c/users/7?id'],
  ],
  [
    'one user below each of a list, once',
    'query ($ids: [ID!]!) { communityUsers(communityId: "c", userIds: $ids) { community { user(userId: "v") { email } } } }',
    ['c/users/$ids?_id \u00d7 $ids', 'c/users/v?email'],
  ],
  [
    'a list below each of a list, once',
    'query ($a: [ID!]!, $b: [ID!]!) { communityUsers(communityId: "c", userIds: $a) { community { users(userIds: $b) { email } } } }',
    ['c/users/$a?_id \u00d7 $a', 'c/users/$b?email \u00d7 $b'],
  ],
  [
    'variables of which one begins like the other',
    'query ($id: [ID!]!, $ids: ID!) { communityUsers(communityId: "c", userIds: $id) { community { user(userId: $ids) { email } } } }',
    ['c/users/$id?_id \u00d7 $id', 'c/users/$ids?email'],
  ],
  [
    'entities',
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on CommunityUser { email } ... on Community { user(userId: "v") { username } } } }',
    [
      '$r.communityId/users/$r.userId?email \u00d7 $r of type CommunityUser',
      '$r.id/users/v?username \u00d7 $r of type Community',
    ],
  ],
  [
    'no user',
    '{ __typename _entities(representations: [{ __typename: "Community", id: "c" }]) { ... on Community { id } } }',
    [],
  ],
])('the GETs of %s', (_what, query, calls) => {
  expect(callsOf(query)).toEqual(calls);
});

test('each combination of conditions has its own GETs', () => {
  const { operations } = explain(
    'query ($a: Boolean!, $b: Boolean!) { communityUser(communityId: "c", userId: "u") { _id email @include(if: $a) username @skip(if: $b) } }',
  );
  expect(operations[0]?.variants.map((variant) => [variant.when, linesOf(variant)])).toEqual([
    [{ a: true, b: true }, ['c/users/u?_id&email']],
    [{ a: false, b: true }, ['c/users/u?_id']],
    [{ a: true, b: false }, ['c/users/u?_id&username&email']],
    [{ a: false, b: false }, ['c/users/u?_id&username']],
  ]);
});

test('a document is measured as the limits measure it', () => {
  const { bytes, tokens, operations } = explain(
    'query A { a: __typename @skip(if: false) ... { ...F } } fragment F on Query { b: __typename }',
  );
  expect({ bytes, tokens }).toEqual({ bytes: 93, tokens: 28 });
  expect(operations).toMatchObject([{ name: 'A', depth: 1, aliases: 2, directives: 1, fields: 2 }]);
});

test.each([
  ['{', 'Syntax Error'],
  ['{ nothing }', 'Cannot query field "nothing"'],
  ['mutation { x }', 'This API has no mutations'],
  [`{ ${'a: __typename '.repeat(101)} }`, '101 aliases'],
  [`# ${'x'.repeat(102_400)}\n{ __typename }`, '102400 bytes'],
])('a document that would be refused says why: %#', (text, problem) => {
  const { problems, operations } = explain(text);
  expect(problems.join('\n')).toContain(problem);
  expect(operations).toEqual([]);
});
