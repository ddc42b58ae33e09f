import { describe, expect, test } from 'vitest';
import { startLayer } from '../support/layer.ts';

describe('every response', () => {
  test.each([
    '/graphql?query={__typename}',
    '/',
    '/graphiql',
    '/favicon.ico',
    '/health/live',
    '/health/ready',
    '/metrics',
    '/nothing',
  ])('says that it is what its type says, and whose it is: %s', async (path) => {
    const layer = await startLayer();
    const response = await fetch(`${layer.url}${path}`, { headers: { 'x-request-id': 'request-1' } });
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-request-id')).toBe('request-1');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('server')).toBeNull();
    expect(response.headers.get('x-powered-by')).toBeNull();
  });

  test.each(['/', '/graphql', '/graphiql'])(
    'that is a page may not be framed, and has a policy: %s',
    async (path) => {
      const layer = await startLayer();
      const response = await fetch(`${layer.url}${path}`, { headers: { accept: 'text/html' } });
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(response.headers.get('x-frame-options')).toBe('DENY');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );
});

describe('a request id', () => {
  const answered = async (id: string): Promise<string | null> => {
    const layer = await startLayer();
    const response = await fetch(`${layer.url}/health/live`, { headers: { 'x-request-id': id } });
    return response.headers.get('x-request-id');
  };

  test.each(['a', 'A.b_c-9', 'x'.repeat(128)])('is taken over where it is well-formed: %.20s', async (id) => {
    expect(await answered(id)).toBe(id);
  });

  test.each(['', 'a b', 'a,b', 'a/b', '<script>', '$\u007bjndi:ldap://x}', 'é', 'x'.repeat(129)])(
    'is made anew where it is not: %.20s',
    async (id) => {
      expect(await answered(id)).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test('is made anew where two came', async () => {
    const layer = await startLayer();
    const headers = new Headers([
      ['x-request-id', 'a'],
      ['x-request-id', 'b'],
    ]);
    const response = await fetch(`${layer.url}/health/live`, { headers });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
