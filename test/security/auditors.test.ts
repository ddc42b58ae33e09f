import { describe, expect, test } from 'vitest';
import { type Layer, startLayer } from '../support/layer.ts';

/**
 * What graphql-cop (1.x) asks of a server, and when it calls the answer a finding; where graphql-armor's documentation names
 * an attack beyond these, that too. `finding` is as the auditor has it, generous mistakes included.
 */
interface Probe {
  readonly name: string;
  readonly request: (layer: Layer) => Promise<Response>;
  readonly finding: (response: Response, text: string) => boolean;
}

const post = (body: unknown) => (layer: Layer) =>
  fetch(`${layer.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const ask = (query: string) => post({ query });
const get = (path: string, init?: RequestInit) => (layer: Layer) => fetch(`${layer.url}${path}`, init);

const answers = (field: string) => (_: Response, text: string) =>
  text.includes(`"${field}":`) && text.includes('"data":{');
const says =
  (...words: string[]) =>
  (_: Response, text: string) =>
    words.some((word) => text.includes(word));
const isFine = (_: Response, text: string) => !text.includes('"errors"');

/** Findings that only production is free of: what they find is what a developer wants. */
const forDevelopers: Probe[] = [
  {
    name: 'introspection',
    request: ask('query { __schema { types { name fields { name } } } }'),
    finding: answers('__schema'),
  },
  {
    name: 'introspection of one type',
    request: ask('{ __type(name: "CommunityUser") { fields { name } } }'),
    finding: answers('__type'),
  },
  ...[
    '{ __schema { directive } }',
    '{ communityUse }',
    '{ communityUser(communityIds: 1) { _id } }',
    'query ($a: Boolea) { __typename }',
  ].map(
    (query): Probe => ({
      name: `field suggestions: ${query}`,
      request: ask(query),
      finding: says('Did you mean'),
    }),
  ),
  ...['/graphiql', '/playground', '/console', '/graphql'].map(
    (path): Probe => ({
      name: `an IDE at ${path}`,
      request: get(path, { headers: { accept: 'text/html' } }),
      finding: says('graphiql.min.css', 'GraphQL Playground', 'GraphiQL', 'graphql-playground', 'sandbox'),
    }),
  ),
];

const forNobody: Probe[] = [
  {
    name: 'alias overloading',
    request: ask(`query { ${Array.from({ length: 101 }, (_, i) => `alias${i}: __typename`).join('\n')} }`),
    finding: answers('alias100'),
  },
  {
    name: 'array batching',
    request: post(Array.from({ length: 10 }, () => ({ query: 'query { __typename }' }))),
    finding: answers('__typename'),
  },
  {
    name: 'directive overloading',
    request: ask(`query { __typename ${'@aa'.repeat(10)} }`),
    finding: (_, text) => JSON.parse(text).errors?.length === 10,
  },
  {
    name: 'directive overloading, with a directive that exists',
    request: ask(`query { __typename ${'@include(if: true)'.repeat(100)} }`),
    finding: answers('__typename'),
  },
  {
    name: 'field duplication',
    request: ask(`query { ${'__typename \n'.repeat(500)} }`),
    finding: answers('__typename'),
  },
  {
    name: 'a circular query by introspection',
    request: ask(`query { __schema { types { ${'fields { type { '.repeat(4)} name ${'} }'.repeat(4)} } } }`),
    finding: answers('__schema'),
  },
  {
    name: 'a circular fragment',
    request: ask(
      '{ __schema { ...A } } fragment A on __Schema { __typename ...B } fragment B on __Schema { ...A }',
    ),
    finding: isFine,
  },
  {
    name: 'queries by GET that a page can send',
    request: get('/graphql?query={__typename}'),
    finding: answers('__typename'),
  },
  {
    name: 'mutations by GET',
    request: get('/graphql?query=mutation{__typename}', { headers: { 'apollo-require-preflight': '1' } }),
    finding: answers('__typename'),
  },
  {
    name: 'queries by POST of a form',
    request: get('/graphql', { method: 'POST', body: new URLSearchParams({ query: '{ __typename }' }) }),
    finding: answers('__typename'),
  },
  {
    name: 'queries by POST of a multipart form',
    request: (layer) => {
      const body = new FormData();
      body.set('operations', '{"query":"{ __typename }"}');
      return fetch(`${layer.url}/graphql`, { method: 'POST', body });
    },
    finding: answers('__typename'),
  },
  {
    name: 'queries by POST in the URL',
    request: get('/graphql?query={__typename}', { method: 'POST' }),
    finding: answers('__typename'),
  },
  {
    name: 'tracing',
    request: (layer) =>
      fetch(`${layer.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'apollo-federation-include-trace': 'ftv1',
          'x-apollo-tracing': '1',
        },
        body: JSON.stringify({ query: '{ __typename }' }),
      }),
    finding: says('tracing', 'ftv1', 'stacktrace', 'exception'),
  },
  {
    name: 'unhandled errors',
    request: ask('qwerty cop { abc }'),
    finding: says('exception', 'stacktrace', '.ts:', 'node_modules'),
  },
  {
    name: 'a document of more characters than anybody needs',
    request: ask(`{ __typename #${'a'.repeat(110_000)}\n }`),
    finding: answers('__typename'),
  },
];

describe.each([
  ['in production', { NODE_ENV: 'production' }],
  ['as it comes', {}],
])('an auditor finds nothing %s', (_, env) => {
  test.each(forNobody)('$name', async ({ request, finding }) => {
    const response = await request(await startLayer({ env }));
    expect(finding(response, await response.text())).toBe(false);
  });
});

describe('an auditor', () => {
  test.each(forDevelopers)('finds in production nothing of $name', async ({ request, finding }) => {
    const response = await request(await startLayer({ env: { NODE_ENV: 'production' } }));
    expect(finding(response, await response.text())).toBe(false);
  });

  test('would see what the probes look for', async () => {
    const layer = await startLayer();
    const found = await Promise.all(
      forDevelopers.map(async ({ request, finding }) => {
        const response = await request(layer);
        return finding(response, await response.text());
      }),
    );
    // There is no `/playground` and no `/console`.
    expect(found.filter((one) => !one)).toHaveLength(2);
  });
});
