import { describe, expect, test } from 'vitest';
import { startLayer } from '../support/layer.ts';
import { startRestApi } from '../support/rest-api.ts';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the explorers', () => {
  test('leave no page in production', async () => {
    const layer = await startLayer({ env: { NODE_ENV: 'production' } });
    const sandbox = await fetch(`${layer.url}/graphql`, { headers: HTML });
    expect(sandbox.status).toBe(400);
    expect(sandbox.headers.get('content-type')).not.toContain('html');
    for (const path of ['/', '/graphiql', '/graphiql/start.js', '/favicon.ico']) {
      expect((await fetch(layer.url + path, { headers: HTML })).status).toBe(404);
    }
  });

  test('hold a placeholder for the token where a REST API is configured', async () => {
    const layer = await startLayer();
    const sandbox = await (await fetch(`${layer.url}/graphql`, { headers: HTML })).text();
    expect(sandbox).toContain('"authorization":"Bearer YOUR-TOKEN","x-upstream-report":"1"');
    expect(sandbox).not.toContain('demo-owner');
    const graphiql = await (await fetch(`${layer.url}/graphiql`)).text();
    expect(graphiql).toContain('Bearer YOUR-TOKEN');
    expect(graphiql).not.toContain('demo-owner');
  });

  test('are pages that nobody may frame, and that run no script of another origin or inline', async () => {
    const layer = await startLayer();
    for (const path of ['/', '/graphql', '/graphiql']) {
      const { headers } = await fetch(layer.url + path, { headers: HTML });
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
    }
    const { headers } = await fetch(`${layer.url}/graphiql`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
  });

  test('keep the files of GraphiQL in the browser', async () => {
    const layer = await startLayer();
    const page = await (await fetch(`${layer.url}/graphiql`)).text();
    const [script] = /\/graphiql\/[0-9a-f]{16}\/graphiql\.js/.exec(page) ?? [];
    const { status, headers } = await fetch(`${layer.url}${script}`);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await fetch(`${layer.url}/graphiql/0000000000000000/graphiql.js`)).status).toBe(404);
  });

  test('make no GET, and count for no operation', async () => {
    const restApi = await startRestApi();
    const layer = await startLayer({ restApi });
    await fetch(`${layer.url}/graphql`, { headers: HTML });
    const metrics = await (await fetch(`${layer.url}/metrics`)).text();
    expect(metrics).not.toMatch(/graphql_operation_duration_seconds_count.* 1/);
    expect(restApi.requests).toEqual([]);
  });

  test('may be used by hosted Sandbox: its preflight is answered with all that it asks for', async () => {
    const layer = await startLayer();
    const asked = 'authorization,content-type,x-upstream-report,apollo-query-plan-experimental';
    const { status, headers } = await fetch(`${layer.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://studio.apollographql.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': asked,
      },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://studio.apollographql.com');
    expect(headers.get('access-control-allow-headers')).toBe(asked);
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });
});
