import { expect, test } from 'vitest';
import { startLayer } from '../support/layer.ts';

const query = '{ __typename }';

/**
 * What a page can make a browser send to another origin without asking it first: such requests come with whatever the
 * network grants the browser, so they are not executed (Fetch standard, "CORS-safelisted request-header").
 */
const simple: [string, string, RequestInit][] = [
  ['GET', `?${new URLSearchParams({ query })}`, {}],
  ['GET with a type', `?${new URLSearchParams({ query })}`, { headers: { 'content-type': 'text/plain' } }],
  ['POST of text', '', { method: 'POST', body: JSON.stringify({ query }) }],
  ['POST of a form', '', { method: 'POST', body: new URLSearchParams({ query }) }],
  ['POST of nothing', `?${new URLSearchParams({ query })}`, { method: 'POST' }],
  [
    'POST with two types, of which one is harmless',
    '',
    {
      method: 'POST',
      headers: { 'content-type': 'text/plain; application/json' },
      body: JSON.stringify({ query }),
    },
  ],
];

test.each(simple)('a request that any page can send is not executed: %s', async (_, search, init) => {
  const layer = await startLayer();
  const response = await fetch(`${layer.url}/graphql${search}`, init);
  expect([400, 415]).toContain(response.status);
  expect(await response.json()).not.toHaveProperty('data');
});

test.each(['apollo-require-preflight', 'x-apollo-operation-name'])(
  'a GET that a browser must ask for is executed: %s',
  async (header) => {
    const layer = await startLayer();
    const get = (value: string) =>
      fetch(`${layer.url}/graphql?${new URLSearchParams({ query })}`, { headers: { [header]: value } });
    expect((await get('1')).status).toBe(200);
    expect((await get('')).status).toBe(400);
  },
);

test('a header that forgives does not make forms readable', async () => {
  const layer = await startLayer();
  const response = await fetch(`${layer.url}/graphql`, {
    method: 'POST',
    headers: { 'apollo-require-preflight': '1' },
    body: new URLSearchParams({ query }),
  });
  expect(response.status).toBe(415);
});
