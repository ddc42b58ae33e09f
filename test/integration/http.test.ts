import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { communityId, getOf, userId } from '../support/demo.ts';
import { type Layer, startLayer } from '../support/layer.ts';
import { startRestApi } from '../support/rest-api.ts';

const operation = `query User($id: ID!) { communityUser(communityId: "${communityId}", userId: $id) { username } }`;
const variables = { id: userId() };

/** Sends a query by GET. */
function get(layer: Layer, parameters: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(`${layer.url}/graphql?${new URLSearchParams(parameters)}`, {
    headers: { authorization: 'Bearer demo-owner', 'apollo-require-preflight': '1', ...headers },
  });
}

describe('the id of a request', () => {
  test.each(['a', 'A-Z.a_z-09', 'x'.repeat(128)])(
    'is taken from the caller, and goes to the REST API and into errors: %s',
    async (id) => {
      const restApi = await startRestApi();
      const layer = await startLayer({ restApi });
      const answer = await layer.query(operation, {
        variables,
        token: 'demo-outsider',
        headers: { 'x-request-id': id },
      });
      expect(answer.headers.get('x-request-id')).toBe(id);
      expect(answer.errors?.map(({ extensions }) => extensions.requestId)).toEqual([id]);
      expect(restApi.requests.map(({ headers }) => headers['x-request-id'])).toEqual([id]);
    },
  );

  test.each(['', 'a b', 'a/b', 'ä', '<script>', 'x'.repeat(129)])(
    'is made where it is malformed: %j',
    async (id) => {
      const restApi = await startRestApi();
      const layer = await startLayer({ restApi });
      const answer = await layer.query(operation, { variables, headers: { 'x-request-id': id } });
      const made = answer.headers.get('x-request-id');
      expect(made).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
      expect(made).not.toBe(id);
      expect(restApi.requests.map(({ headers }) => headers['x-request-id'])).toEqual([made]);
    },
  );

  test('is another one for each request', async () => {
    const layer = await startLayer();
    const answers = await Promise.all([
      layer.query(operation, { variables }),
      layer.query(operation, { variables }),
    ]);
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(2);
  });

  test('stands in the errors of a request that is refused before it runs', async () => {
    const layer = await startLayer();
    const headers = { 'x-request-id': 'mine' };
    for (const refused of [
      '{ nonsense }',
      '{ communityUser(',
      'query ($id: ID!) { communityUser(communityId: "c", userId: $id) { id } }',
    ]) {
      const answer = await layer.query(refused, { headers });
      expect(answer.errors?.map(({ extensions }) => extensions.requestId)).toEqual(['mine']);
      expect(answer.data).toBeUndefined();
    }
    expect(layer.requests).toEqual([]);
  });
});

describe('nothing is to be stored', () => {
  test.each([
    ['an answer', operation, 'demo-owner'],
    ['an error', operation, 'demo-outsider'],
    ['a document that is refused', '{ nonsense }', 'demo-owner'],
    ['an answer that holds nobody’s data', '{ __typename }', 'demo-owner'],
  ])('of %s', async (_what, query, token) => {
    const layer = await startLayer();
    const answer = await layer.query(query, { variables, token });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('of what is no GraphQL', async () => {
    const layer = await startLayer();
    for (const path of ['/graphql', '/nothing', '/health/live']) {
      const response = await fetch(`${layer.url}${path}`);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('a query by GET', () => {
  test('is answered like one by POST', async () => {
    const layer = await startLayer();
    const response = await get(layer, { query: operation, variables: JSON.stringify(variables) });
    expect(response.status).toBe(200);
    expect(JSON.parse(await response.text())).toEqual({ data: { communityUser: { username: 'admin' } } });
    expect(layer.requests).toEqual([getOf(userId(), 'username')]);
  });

  test('may name one of several operations', async () => {
    const layer = await startLayer();
    const query = 'query A { a: __typename } query B { b: __typename }';
    const response = await get(layer, { query, operationName: 'B' });
    expect(JSON.parse(await response.text())).toEqual({ data: { b: 'Query' } });
  });

  test('needs no more than a token, which no page can make a browser send', async () => {
    const layer = await startLayer();
    const search = new URLSearchParams({ query: operation, variables: JSON.stringify(variables) });
    const url = `${layer.url}/graphql?${search}`;
    const response = await fetch(url, { headers: { authorization: 'Bearer demo-owner' } });
    expect(await response.json()).toEqual({ data: { communityUser: { username: 'admin' } } });
  });

  test('is refused where a browser would send it without asking', async () => {
    const layer = await startLayer();
    const response = await fetch(`${layer.url}/graphql?${new URLSearchParams({ query: operation })}`);
    expect(response.status).toBe(400);
    expect(layer.requests).toEqual([]);
  });

  test.each(['', 'null'])('takes parameters as absent that are %j', async (value) => {
    const layer = await startLayer();
    const response = await get(layer, {
      query: '{ __typename }',
      operationName: value,
      variables: value,
      extensions: value,
    });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('an operation may be sent as %s', async (encoding, compress) => {
  const layer = await startLayer();
  const response = await fetch(`${layer.url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer demo-owner',
      'content-type': 'application/json',
      'content-encoding': encoding,
    },
    body: compress(JSON.stringify({ query: operation, variables })),
  });
  expect(await response.json()).toEqual({ data: { communityUser: { username: 'admin' } } });
});

describe('in production', () => {
  const env = { NODE_ENV: 'production' };

  test('users are answered', async () => {
    const layer = await startLayer({ env });
    const { data } = await layer.query(operation, { variables });
    expect(data).toEqual({ communityUser: { username: 'admin' } });
  });

  test('the schema is not shown', async () => {
    const layer = await startLayer({ env });
    for (const query of ['{ __schema { queryType { name } } }', '{ __type(name: "Query") { name } }']) {
      const answer = await layer.query(query);
      expect(answer.data).toBeUndefined();
      expect(answer.errors).toHaveLength(1);
    }
    const { errors } = await layer.query('{ communityUsr(communityId: "c", userId: "u") { id } }');
    expect(errors?.[0]?.message).not.toContain('communityUser');
  });

  test('no explorer is served, and no report', async () => {
    const layer = await startLayer({ env });
    const headers = { accept: 'text/html' };
    for (const path of ['/', '/graphql', '/graphiql']) {
      const response = await fetch(`${layer.url}${path}`, { headers });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(await response.text()).not.toContain('<html');
    }
    const answer = await layer.query(operation, { variables, headers: { 'x-upstream-report': '1' } });
    expect(answer.extensions).toBeUndefined();
  });
});

test('outside of production the schema is shown', async () => {
  const layer = await startLayer();
  const { data } = await layer.query('{ __type(name: "Community") { name } }');
  expect(data).toEqual({ __type: { name: 'Community' } });
});

test.each([
  [
    'deep',
    '{ communityUser(communityId: "c", userId: "u") { community { user(userId: "v") { email } } } }',
    { MAX_QUERY_DEPTH: '3' },
  ],
  ['aliased', '{ a: __typename b: __typename }', { MAX_QUERY_ALIASES: '1' }],
  ['long', '{ communityUser(communityId: "c", userId: "u") { email } }', { MAX_QUERY_TOKENS: '5' }],
])('a document that is too %s is refused with a 400', async (_what, query, env) => {
  const layer = await startLayer({ env });
  const answer = await layer.query(query);
  expect(answer.status).toBe(400);
  expect(answer.data).toBeUndefined();
  expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([
    { code: 'GRAPHQL_VALIDATION_FAILED', retryable: false, requestId: answer.headers.get('x-request-id') },
  ]);
  expect(layer.requests).toEqual([]);
});
