import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

test.each([
  [
    'a type without a description',
    'extend type Query { "x" thing: Thing } type Thing { "x" id: ID! }',
    'require-description',
  ],
  ['a field without a description', '"x" type Thing { id: ID! }', 'require-description'],
  [
    'an argument without a description',
    'extend type Query { "x" thing(a: Int): Int }',
    'require-description',
  ],
  ['an enum value without a description', '"x" enum Thing { A }', 'require-description'],
  [
    'a deprecation without a reason',
    'extend type Query { "x" thing: Int @deprecated }',
    'require-deprecation-reason',
  ],
  ['a type in lower case', '"x" type thing { "x" id: ID! }', 'naming-convention'],
  ['a field in snake case', 'extend type Query { "x" a_thing: Int }', 'naming-convention'],
  ['a field with an underscore in front', 'extend type Query { "x" _thing: Int }', 'naming-convention'],
  ['an enum value in lower case', '"x" enum Thing { "x" a }', 'naming-convention'],
  ['a type that nothing leads to', '"x" type Thing { "x" id: ID! }', 'no-unreachable-types'],
  ['a type that nothing identifies', '"x" type Thing { "x" name: String }', 'strict-id-in-types'],
  [
    'a root field that cannot be null',
    'extend type Query { "x" thing: Int! }',
    'require-nullable-result-in-root',
  ],
])('the schema linter refuses %s', async (_, sdl, rule) => {
  const [result] = await new ESLint().lintText(sdl, { filePath: 'schema/linted.graphql' });
  expect(result?.messages.map(({ ruleId }) => ruleId)).toContain(`@graphql-eslint/${rule}`);
});

test('the schema linter takes the names that the REST API gave', async () => {
  const sdl =
    '"x" type CommunityUser { "x" _id: ID } "x" enum CommunityUserField { "x" _id "x" displayName }';
  const [result] = await new ESLint().lintText(sdl, { filePath: 'schema/linted.graphql' });
  expect(result?.messages).toEqual([]);
});
