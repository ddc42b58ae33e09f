import type { IncomingMessage } from 'node:http';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { Running } from '../start-subgraph.ts';

type Context = { readonly handedOn?: ReadonlyMap<string, string> };

/**
 * Apollo's gateway in front of the subgraphs of a supergraph. It hands the caller's token and request id on to each of
 * them.
 */
export async function startApolloGateway(supergraphSdl: string, port: number): Promise<Running> {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url = '' }) =>
      new RemoteGraphQLDataSource<Context>({
        url,
        willSendRequest({ request, context }) {
          for (const [name, value] of context.handedOn ?? []) request.http?.headers.set(name, value);
        },
      }),
  });
  const server = new ApolloServer<Context>({ gateway, stopOnTerminationSignals: false });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port },
    context: async ({ req }) => ({ handedOn: headersToHandOn(req) }),
  });
  return { url: `${url}graphql`, stop: () => server.stop() };
}

function headersToHandOn({ headers }: IncomingMessage): Map<string, string> {
  const names = ['authorization', 'x-request-id'];
  return new Map(names.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : [])));
}
