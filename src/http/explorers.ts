import type { FastifyInstance } from 'fastify';
import { type GraphiQL, loadGraphiQL } from './explorers-graphiql.ts';

/** Adds the explorer that works without internet, at `/graphiql`. Loaded when first asked for, since it is large. */
export function addExplorers(server: FastifyInstance, exampleToken: string | undefined): void {
  let loading: Promise<GraphiQL> | undefined;
  const load = () => {
    loading ??= loadGraphiQL('/graphiql', exampleToken);
    return loading;
  };
  server.get('/graphiql', async (_request, reply) => {
    const { page } = await load();
    return reply.headers(PAGE_HEADERS).send(page);
  });
  server.get('/graphiql/*', async (request, reply) => {
    const { assets } = await load();
    const asset = assets.get(request.url);
    if (asset === undefined) return reply.callNotFound();
    return reply.header('cache-control', KEPT_FOREVER).type(asset.type).send(asset.text);
  });
  // The embedded Sandbox asks for it, and has an icon of its own.
  server.get('/favicon.ico', async (_request, reply) => reply.code(204).send());
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    // The editor writes styles of its own, and carries its icons and its font as data.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

const KEPT_FOREVER = 'public, max-age=31536000, immutable';
