import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithTheGuild } from '@theguild/federation-composition';
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from '@wundergraph/composition';
import { parse } from 'graphql';
import type { Subgraph } from '../../examples/federation/graph.ts';

/** What a composition has to say: what stands in its way, and what it merely remarks. */
export type Composition = { readonly errors: readonly string[]; readonly remarks: readonly string[] };

type Compose = (subgraphs: readonly Subgraph[]) => Composition;

/** The compositions that registries of federated graphs use, by whose they are. */
export const composers: readonly (readonly [name: string, compose: Compose])[] = [
  [
    'Apollo',
    (subgraphs) => {
      const { errors = [], hints = [] } = composeWithApollo(parsed(subgraphs));
      return { errors: errors.map(String), remarks: hints.map(String) };
    },
  ],
  [
    'The Guild',
    (subgraphs) => {
      const { errors = [] } = composeWithTheGuild(parsed(subgraphs));
      return { errors: errors.map(String), remarks: [] };
    },
  ],
  [
    'WunderGraph',
    (subgraphs) => {
      const result = federateSubgraphs({
        subgraphs: parsed(subgraphs).map(({ typeDefs, ...subgraph }) => ({
          ...subgraph,
          definitions: typeDefs,
        })),
        version: ROUTER_COMPATIBILITY_VERSION_ONE,
      });
      return {
        errors: result.success ? [] : result.errors.map(String),
        remarks: result.warnings.map(String),
      };
    },
  ],
];

function parsed(subgraphs: readonly Subgraph[]) {
  return subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
}
