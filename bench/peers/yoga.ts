/**
 * GraphQL Yoga 5 on `node:http`, with DataLoader and undici. Merges as the layer does: one GET a user, with the union
 * of the flags that are selected. Its parser and validation caches are on, its own logs and pages off.
 */
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { resolvers } from './resolvers.ts';
import { typeDefs } from './schema.ts';
import { createUserLoader } from './user-loader.ts';

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context: ({ request }) => ({ users: createUserLoader(request.headers.get('authorization') ?? '') }),
  logging: false,
  graphiql: false,
  landingPage: false,
});

createServer(yoga).listen(Number(process.env.PORT), process.env.HOST);
