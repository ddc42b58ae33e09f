import { describe, expect, test } from 'vitest';
import { communityId, userId } from '../support/demo.ts';
import { type Answer, type Layer, startLayer } from '../support/layer.ts';
import { always, envelope, type RestHandler, sendJson, startRestApi } from '../support/rest-api.ts';

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';

const profile = `query Profile($userId: ID!) {
  communityUser(communityId: "${communityId}", userId: $userId) { username }
}`;
const variables = { userId: userId() };

interface Body {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string;
}

async function ask(layer: Layer, { query, ...options }: Body, accept: string): Promise<Answer> {
  return layer.query(query, { ...options, headers: { accept } });
}

describe('a request that GraphQL refuses', () => {
  const refused: [string, string, Body][] = [
    ['does not parse', 'GRAPHQL_PARSE_FAILED', { query: '{' }],
    ['is not valid', 'GRAPHQL_VALIDATION_FAILED', { query: '{ nothing }' }],
    [
      'names no operation of its own',
      'OPERATION_RESOLUTION_FAILURE',
      { query: profile, operationName: 'No' },
    ],
    [
      'does not say which operation',
      'OPERATION_RESOLUTION_FAILURE',
      { query: `${profile} query B { __typename }` },
    ],
    ['lacks a variable', 'BAD_USER_INPUT', { query: profile }],
    ['has a wrong variable', 'BAD_USER_INPUT', { query: profile, variables: { userId: [userId()] } }],
  ];

  test.each(refused)('gets 400 as application/graphql-response+json where it %s', async (_, code, body) => {
    const layer = await startLayer();
    const answer = await ask(layer, body, GRAPHQL_TYPE);
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code } }] });
    expect(answer).not.toHaveProperty('data');
    expect(answer.headers.get('content-type')).toBe(`${GRAPHQL_TYPE}; charset=utf-8`);
    expect(layer.requests).toEqual([]);
  });

  test.each(refused)('gets 200 as application/json where it %s', async (_, code, body) => {
    const layer = await startLayer();
    const answer = await ask(layer, body, JSON_TYPE);
    expect(answer).toMatchObject({ status: 200, errors: [{ extensions: { code } }] });
    expect(answer).not.toHaveProperty('data');
    expect(layer.requests).toEqual([]);
  });

  test('gets the same where its operation is compiled already', async () => {
    const layer = await startLayer();
    for (let time = 0; time < 3; time++) await ask(layer, { query: profile, variables }, JSON_TYPE);
    const wrong = { query: profile, variables: { userId: null } };
    expect(await ask(layer, wrong, GRAPHQL_TYPE)).toMatchObject({ status: 400 });
    expect(await ask(layer, wrong, JSON_TYPE)).toMatchObject({ status: 200 });
  });

  test.each([
    ['tokens', { MAX_QUERY_TOKENS: '3' }, '{ __typename __typename }'],
    ['depth', { MAX_QUERY_DEPTH: '1' }, profile],
    ['aliases', { MAX_QUERY_ALIASES: '1' }, '{ a: __typename b: __typename }'],
    ['repetition', {}, `{ ${'__typename '.repeat(60)} }`],
    [
      'fields to compare',
      {},
      `{ ${`communityUser(communityId: "a", userId: "b") { ${'_id '.repeat(19)} } `.repeat(95)} }`,
    ],
    ['fragments', {}, `{ __typename } ${'fragment F on Query { __typename } '.repeat(101)}`],
    [
      'circular introspection',
      {},
      `{ __schema { types ${'{ fields { type '.repeat(4)} { name } ${'} }'.repeat(4)} } }`,
    ],
  ])('gets 400 whatever the type where it passes a limit: %s', async (_, env, query) => {
    const layer = await startLayer({ env });
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
      const answer = await ask(layer, { query, variables }, accept);
      expect(answer).toMatchObject({
        status: 400,
        errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
      });
      expect(answer).not.toHaveProperty('data');
    }
    expect(layer.requests).toEqual([]);
  });
});

describe('the status of the REST API', () => {
  const handlers: [string, RestHandler][] = [
    ...[400, 401, 403, 404, 418, 429, 500, 501, 503].map((status): [string, RestHandler] => [
      String(status),
      always(status, { meta: { statusCode: status }, message: 'No.' }),
    ]),
    ['302', (_request, response) => sendJson(response, 302, '', { location: '/' })],
    ['201', always(201, envelope({ username: 'admin' }))],
    ['no answer', (_request, response) => response.destroy()],
  ];

  test.each(handlers)('never becomes ours: %s', async (_, handler) => {
    const restApi = await startRestApi(handler);
    const layer = await startLayer({ restApi, env: { UPSTREAM_ATTEMPTS: '1' } });
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
      const answer = await ask(layer, { query: profile, variables }, accept);
      expect(answer).toMatchObject({ status: 200, data: { communityUser: null } });
      expect(answer.headers.get('www-authenticate')).toBeNull();
    }
  });

  test('does not come from a missing token either', async () => {
    const layer = await startLayer();
    const answer = await layer.query(profile, { variables, token: null });
    expect(answer).toMatchObject({
      status: 200,
      data: { communityUser: null },
      errors: [{ path: ['communityUser'], extensions: { code: 'UNAUTHENTICATED', retryable: false } }],
    });
  });
});

describe('a GET', () => {
  const get = (
    layer: Layer,
    query: string,
    headers: Record<string, string> = { 'apollo-require-preflight': '1' },
  ) => fetch(`${layer.url}/graphql?${new URLSearchParams({ query })}`, { headers });

  test('answers a query', async () => {
    const response = await get(await startLayer(), '{ __typename }');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test.each(['mutation { __typename }', 'mutation M { a } query Q { __typename }'])(
    'never mutates: %s',
    async (query) => {
      const response = await get(await startLayer(), query);
      expect(await response.json()).not.toHaveProperty('data');
    },
  );

  test('is refused where a parameter comes twice', async () => {
    const layer = await startLayer();
    const url = `${layer.url}/graphql?query={__typename}&query={__typename}`;
    const response = await fetch(url, { headers: { 'apollo-require-preflight': '1' } });
    expect(response.status).toBe(400);
  });
});

describe('every GraphQL answer', () => {
  test.each([
    ['a result', { query: '{ __typename }' }, JSON_TYPE],
    ['a request error', { query: '{' }, JSON_TYPE],
    ['a refusal before GraphQL', {}, JSON_TYPE],
    ['a persisted query', { extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } }, JSON_TYPE],
    ['no media type that we have', { query: '{ __typename }' }, 'text/plain'],
  ])('belongs to one caller, and says so: %s', async (_, body, accept) => {
    const layer = await startLayer();
    const response = await fetch(`${layer.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, 'x-request-id': 'one' },
      body: JSON.stringify(body),
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-request-id')).toBe('one');
    const { errors = [] }: { errors?: { extensions: { requestId: string } }[] } = JSON.parse(
      await response.text(),
    );
    for (const error of errors) expect(error.extensions.requestId).toBe('one');
  });
});
