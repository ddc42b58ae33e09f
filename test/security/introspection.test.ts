import { getIntrospectionQuery } from 'graphql';
import { expect, test } from 'vitest';
import { startLayer } from '../support/layer.ts';

/** What Apollo Sandbox, GraphiQL and the command-line tools send, with every option that graphql-js has for it. */
const standard = [
  getIntrospectionQuery(),
  getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  }),
];

test.each(standard.map((query) => [query.length, query] as const))(
  'explorers may read the schema: %i characters',
  async (_, query) => {
    const layer = await startLayer();
    // The third time it is answered by compiled code.
    for (let time = 0; time < 3; time++) {
      const answer = await layer.query(query, { operationName: 'IntrospectionQuery', token: null });
      expect(answer).toMatchObject({ status: 200, data: { __schema: { queryType: { name: 'Query' } } } });
      expect(answer).not.toHaveProperty('errors');
    }
  },
);

test.each([4, 7])('introspection that goes in a circle is refused, %i deep', async (depth) => {
  const layer = await startLayer();
  const circle = `{ __schema { types { ${'fields { type { '.repeat(depth)} name ${'} }'.repeat(depth)} } } }`;
  const answer = await layer.query(circle);
  expect(answer).toMatchObject({
    status: 400,
    errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  });
});

test.each([
  ['__schema', '{ __schema { queryType { name } } }'],
  ['__type', '{ __type(name: "Query") { name } }'],
  ['an alias', '{ typename: __type(name: "Query") { name } }'],
  ['a fragment', '{ ...A } fragment A on Query { __schema { queryType { name } } }'],
  ['the standard query', getIntrospectionQuery()],
])('production tells nobody of the schema: %s', async (_, query) => {
  const layer = await startLayer({ env: { NODE_ENV: 'production' } });
  const answer = await layer.query(query);
  expect(answer).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  expect(answer).not.toHaveProperty('data');
});

test('INTROSPECTION decides, be it production or not', async () => {
  const query = '{ __schema { queryType { name } } }';
  const open = await startLayer({ env: { NODE_ENV: 'production', INTROSPECTION: 'true' } });
  expect(await open.query(query)).toHaveProperty('data');
  const closed = await startLayer({ env: { INTROSPECTION: 'false' } });
  expect(await closed.query(query)).not.toHaveProperty('data');
});

test('a router learns the schema from `_service` all the same, and `__typename` is no introspection', async () => {
  const layer = await startLayer({ env: { NODE_ENV: 'production' } });
  const answer = await layer.query('{ __typename _service { sdl } }', { token: null });
  expect(answer).toMatchObject({
    status: 200,
    data: { __typename: 'Query', _service: { sdl: expect.stringContaining('type CommunityUser @key') } },
  });
});

test.each([
  ['field', '{ communityUse { id } }', {}],
  ['value', '{ communityUser(communityId: "c", userId: "u") { isWithheld(field: emai) } }', {}],
  [
    'variable',
    'query ($f: CommunityUserField!) { communityUser(communityId: "c", userId: "u") { isWithheld(field: $f) } }',
    { f: 'emai' },
  ],
])('production helps nobody to guess: a wrong %s', async (_, query, variables) => {
  const messages = async (env: Readonly<Record<string, string>>) => {
    const layer = await startLayer({ env });
    const { errors } = await layer.query(query, { variables });
    return JSON.stringify(errors);
  };
  expect(await messages({})).toContain('Did you mean');
  expect(await messages({ NODE_ENV: 'production' })).not.toContain('Did you mean');
});
