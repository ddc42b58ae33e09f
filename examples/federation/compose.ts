import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** One part of the graph: its name in the registry, where the gateway finds it, and its schema. */
export type Subgraph = { readonly name: string; readonly url: string; readonly sdl: string };

/** Composes the schema that a gateway runs, as the registry would. Throws what stands in the way, all at once. */
export function composeSupergraph(subgraphs: readonly Subgraph[]): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (!supergraphSdl) throw new AggregateError(errors ?? [], 'The subgraphs do not compose.');
  return supergraphSdl;
}
