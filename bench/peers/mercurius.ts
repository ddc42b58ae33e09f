/**
 * Mercurius 16 on Fastify 5, with its JIT, DataLoader and undici. Merges as the layer does: one GET a user, with the
 * union of the flags that are selected. No logger.
 */
import fastify from 'fastify';
import { mercurius } from 'mercurius';
import { resolvers } from './resolvers.ts';
import { typeDefs } from './schema.ts';
import { createUserLoader, type UserLoader } from './user-loader.ts';

declare module 'mercurius' {
  interface MercuriusContext {
    users: UserLoader;
  }
}

const app = fastify({ logger: false });

await app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  jit: 1,
  context: (request) => ({ users: createUserLoader(request.headers.authorization ?? '') }),
});
await app.listen({ port: Number(process.env.PORT), host: process.env.HOST ?? '127.0.0.1' });
