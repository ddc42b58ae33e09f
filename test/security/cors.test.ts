import { describe, expect, test } from 'vitest';
import { start } from '#http/service.ts';
import { readConfig } from '#process/config.ts';
import { type Layer, startLayer } from '../support/layer.ts';

const STUDIO = 'https://studio.apollographql.com';
const body = JSON.stringify({ query: '{ __typename }' });

/** What our clients and Apollo's send, and a page may not send to others without asking. */
const REQUEST_HEADERS =
  'apollo-require-preflight,authorization,content-type,traceparent,x-apollo-operation-name,x-request-id,x-upstream-report';

function preflight(layer: Layer, origin: string): Promise<Response> {
  return fetch(`${layer.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': REQUEST_HEADERS,
    },
  });
}

function post(layer: Layer, origin: string): Promise<Response> {
  return fetch(`${layer.url}/graphql`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body,
  });
}

async function expectAllowed(layer: Layer, origin: string): Promise<void> {
  const asked = await preflight(layer, origin);
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe(origin);
  expect(asked.headers.get('access-control-allow-headers')).toBe(REQUEST_HEADERS);
  expect(asked.headers.get('access-control-allow-methods')).toContain('POST');

  const answered = await post(layer, origin);
  expect(await answered.json()).toEqual({ data: { __typename: 'Query' } });
  for (const response of [asked, answered]) {
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    expect(response.headers.get('vary')).toContain('Origin');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  }
  expect(answered.headers.get('access-control-expose-headers')).toBe('x-request-id, retry-after');
}

async function expectForbidden(layer: Layer, origin: string): Promise<void> {
  for (const response of [await preflight(layer, origin), await post(layer, origin)]) {
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('access-control-allow-headers') ?? '').not.toContain('*');
    await response.text();
  }
}

describe('outside production', () => {
  test.each([
    STUDIO,
    'http://localhost:3000',
    'https://localhost',
    'http://127.0.0.1:5173',
    'http://[::1]:8080',
  ])('pages of %s may ask', async (origin) => expectAllowed(await startLayer(), origin));

  test.each([
    'https://evil.example',
    'https://studio.apollographql.com.evil.example',
    'https://evil-studio.apollographql.com',
    'http://studio.apollographql.com',
    'http://localhost.evil.example',
    'http://localhost:3000.evil.example',
    'http://127.0.0.1.evil.example',
    'null',
    '*',
  ])('pages of %s may not', async (origin) => expectForbidden(await startLayer(), origin));
});

describe('in production', () => {
  test.each([STUDIO, 'http://localhost:3000', 'null'])('pages of %s may not ask', async (origin) =>
    expectForbidden(await startLayer({ env: { NODE_ENV: 'production' } }), origin),
  );

  test('pages of the configured origins may, and no others', async () => {
    const layer = await startLayer({
      env: {
        NODE_ENV: 'production',
        CORS_ORIGINS: 'https://app.example.com, https://admin.example.com:8443',
      },
    });
    await expectAllowed(layer, 'https://app.example.com');
    await expectAllowed(layer, 'https://admin.example.com:8443');
    await expectForbidden(layer, 'https://admin.example.com');
    await expectForbidden(layer, 'https://xapp.example.com');
    await expectForbidden(layer, STUDIO);
  });
});

test('pages of the configured origins may read errors too', async () => {
  const layer = await startLayer();
  const response = await fetch(`${layer.url}/graphql`, {
    method: 'POST',
    headers: { origin: STUDIO },
    body: '',
  });
  expect(response.status).toBe(415);
  expect(response.headers.get('access-control-allow-origin')).toBe(STUDIO);
});

test('health and metrics on a port of their own are for no page at all', async () => {
  const server = await start(
    readConfig({ PORT: '0', ADMIN_PORT: '0', UPSTREAM_URL: 'http://127.0.0.1:9', LOG_LEVEL: 'silent' }),
  );
  const response = await fetch(`${server.adminUrl}/metrics`, { headers: { origin: STUDIO } });
  await server.stop();
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});
