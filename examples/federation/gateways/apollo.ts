import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { composeSupergraph } from '../compose.ts';
import type { StartGateway } from '../graph.ts';
import { passedHeaders } from './passed-headers.ts';

type Context = { readonly headers?: Readonly<Record<string, string>> };

/** Apollo Gateway. */
export const startApolloGateway: StartGateway = async (subgraphs, port) => {
  const gateway = new ApolloGateway({
    supergraphSdl: composeSupergraph(subgraphs),
    buildService: ({ url = '' }) =>
      new RemoteGraphQLDataSource<Context>({
        url,
        willSendRequest({ request, context }) {
          for (const [name, value] of Object.entries<string>(context.headers ?? {})) {
            request.http?.headers.set(name, value);
          }
        },
      }),
  });
  const server = new ApolloServer<Context>({
    gateway,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port },
    context: async ({ req }) => ({ headers: passedHeaders(req.headers) }),
  });
  return { url: `${url}graphql`, stop: () => server.stop() };
};
