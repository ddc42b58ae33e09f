import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph';
import { Kind, parse } from 'graphql';
import type { Running } from './graph.ts';

/**
 * Serves a subgraph on 127.0.0.1; port 0 takes a free one. Its `_service` gives out the SDL as it is: Apollo's own adds
 * definitions that a gateway of Federation 1 (Mercurius) finds twice as soon as there are two subgraphs.
 */
export async function startSubgraph(
  sdl: string,
  resolvers: GraphQLResolverMap,
  port: number,
): Promise<Running> {
  const server = new ApolloServer({
    schema: buildSubgraphSchema([
      { typeDefs: parse(sdl), resolvers },
      {
        typeDefs: { kind: Kind.DOCUMENT, definitions: [] },
        resolvers: { Query: { _service: () => ({ sdl }) } },
      },
    ]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port } });
  return { url: `${url}graphql`, stop: () => server.stop() };
}
