import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { ApolloServer, HeaderMap } from '@apollo/server';
import { demoUsers, example } from '#http/explorers/example.ts';
import { Explorers } from '#http/explorers/explorers.ts';
import { sandboxPage, sandboxPlugin } from '#http/explorers/sandbox.ts';

/** The explorers' pages, on a free port of 127.0.0.1. */
export interface ExplorerServer {
  /** Without a path. */
  readonly url: string;
  stop(): Promise<void>;
}

const typeDefs = `
  type Query {
    communityUser(communityId: ID!, userId: ID!): CommunityUser
    communityUsers(communityId: ID!, userIds: [ID!]!): [CommunityUser]!
  }
  type CommunityUser {
    userId: ID!
    displayName: String
    username: String
    email: String
    isOnline: Boolean
    lastLogin: String
    isWithheld(field: CommunityUserField!): Boolean!
  }
  enum CommunityUserField { displayName username email isOnline lastLogin }`;

function user(userId: string) {
  return { userId, displayName: 'Admin', email: 'admin@example.com', isOnline: true, isWithheld: false };
}

const resolvers = {
  Query: {
    communityUser: (_: unknown, { userId }: { userId: string }) => user(userId),
    communityUsers: (_: unknown, { userIds }: { userIds: string[] }) => userIds.map(user),
  },
};

/** The demo users' calls, one of each kind. */
const calls = demoUsers.map(({ id }, index) => ({
  method: 'GET',
  path: `/apis/v1/communities/${example.variables.communityId}/users/${id}?displayName&email`,
  status: [200, 200, 404, 500, 200, 403, 429, null][index] ?? null,
  durationMs: [4.1, 2004.3, 3.9, 310.4, 181.2, 4.4, 2012.9, 4.2][index] ?? 0,
  bytes: [123, 123, 45, 80, 223, 60, 61, 1204][index] ?? 0,
  attempts: [1, 1, 1, 3, 3, 1, 2, 1][index] ?? 1,
  shared: index === 0,
}));

/** Serves the explorers over a GraphQL endpoint that answers whatever they ask for, with a report of the demo users' calls. */
export async function startExplorerServer(token: string | undefined): Promise<ExplorerServer> {
  const report = {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body } }: { response: { body: { kind: string } } }) {
          if (body.kind === 'single')
            Object.assign(Object(body).singleResult, { extensions: { upstream: { users: 8, calls } } });
        },
      };
    },
  };
  const apollo = new ApolloServer({ typeDefs, resolvers, plugins: [sandboxPlugin(token), report] });
  await apollo.start();
  const explorers = new Explorers({ token, upstreamUrl: new URL('https://rest.example') });
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname !== '/graphql') {
      const page = await explorers.find(pathname, request.headers.host);
      response.writeHead(page?.status ?? (page ? 200 : 404), page?.headers).end(page?.body);
      return;
    }
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method ?? '',
        headers: headersOf(request),
        search,
        body: await bodyOf(request),
      },
      context: async () => ({}),
    });
    const text = answer.body.kind === 'complete' ? answer.body.string : '';
    const isPage = answer.headers.get('content-type')?.startsWith('text/html') === true;
    const { headers, body } = isPage
      ? sandboxPage(text)
      : { headers: Object.fromEntries(answer.headers), body: text };
    response.writeHead(answer.status ?? 200, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await apollo.stop();
    },
  };
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  return headers;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const text = Buffer.concat(await request.toArray()).toString();
  return text === '' ? undefined : JSON.parse(text);
}
