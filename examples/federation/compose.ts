import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import type { Subgraph } from './graph.ts';

/** Composes the schema that a gateway runs, as the registry would. Throws what stands in the way, all at once. */
export function composeSupergraph(subgraphs: readonly Subgraph[]): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (!supergraphSdl) throw new AggregateError(errors ?? [], 'The subgraphs do not compose.');
  return supergraphSdl;
}
