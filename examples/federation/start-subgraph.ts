import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph';
import { parse } from 'graphql';

/** Something that listens: its address, path included, and the way to end it. */
export type Running = { readonly url: string; stop(): Promise<void> };

/** Serves a subgraph on 127.0.0.1; port 0 takes a free one. */
export async function startSubgraph(
  sdl: string,
  resolvers: GraphQLResolverMap,
  port: number,
): Promise<Running> {
  const server = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port } });
  return { url: `${url}graphql`, stop: () => server.stop() };
}
