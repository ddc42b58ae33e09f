import { type DocumentNode, Kind, type OperationDefinitionNode, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { isCompilable } from '#graphql/execution/is-compilable.ts';
import { createSchema } from '#graphql/schema.ts';

const schema = createSchema();
const user = (selection: string) => `{ communityUser(communityId: "c", userId: "u") { ${selection} } }`;

test.each([
  ['a plain operation', user('email username')],
  ['aliases of fields with underscores in them', user('email_2: email email _id my_email: email')],
  ['aliases of users with underscores in them', user('community { user_1: user(userId: "a") { _id } }')],
  ['variables', 'query ($c: ID!, $u: [ID!]!) { communityUsers(communityId: $c, userIds: $u) { _id } }'],
  [
    'required variables in a list',
    'query ($u: ID!) { communityUsers(communityId: "c", userIds: [$u]) { _id } }',
  ],
  [
    'a nullable variable with a default',
    'query ($u: ID = "u") { communityUser(communityId: "c", userId: $u) { _id } }',
  ],
  [
    'a representation without variables',
    '{ _entities(representations: [{ __typename: "Community" }]) { __typename } }',
  ],
])('%s is compiled', (_name, query) => {
  expect(isCompilable(schema, ...valid(query))).toBe(true);
});

const mark = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';

test.each([
  [
    "one of graphql-jit's marks in a string",
    `{ communityUser(communityId: "c", userId: "x${mark}") { _id } }`,
  ],
  [
    'an escaped mark',
    `{ communityUser(communityId: "c", userId: "${mark.replace('_', '\\u005F')}") { _id } }`,
  ],
  ['a mark in a block string', `{ communityUser(communityId: "c", userId: """${mark}""") { _id } }`],
  ['a mark as a name', `{ _entities(representations: [{ ${mark}: 1 }]) { __typename } }`],
  ['a mark as an enum value', `{ _entities(representations: [{ a: ${mark} }]) { __typename } }`],
  ['__proto__ as an alias', user('__proto__: email')],
  [
    '__proto__ as a variable',
    'query ($__proto__: ID!) { communityUser(communityId: "c", userId: $__proto__) { _id } }',
  ],
  ['a variable in an object', 'query ($id: ID!) { _entities(representations: [{ a: $id }]) { __typename } }'],
  [
    'a variable in a list in an object',
    'query ($id: ID!) { _entities(representations: { a: [$id] }) { __typename } }',
  ],
  [
    'a nullable variable in a list',
    'query ($u: ID = "u") { communityUsers(communityId: "c", userIds: [$u]) { _id } }',
  ],
  ['introspection', '{ __type(name: "Query") { name } }'],
  [
    'names with which two paths look the same',
    `{ a: communityUser(communityId: "c", userId: "u") { community { id } } a_b: communityUser(communityId: "c", userId: "u") { _id } }`,
  ],
  ['a name that begins like a type', '{ Community_a: communityUser(communityId: "c", userId: "u") { _id } }'],
  [
    'a name that begins like a place in a list',
    '{ idx0_a: communityUser(communityId: "c", userId: "u") { _id } }',
  ],
])('%s is left to graphql-js', (_name, query) => {
  expect(isCompilable(schema, ...valid(query))).toBe(false);
});

function valid(query: string): [DocumentNode, OperationDefinitionNode] {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('There is no operation');
  return [document, operation];
}
