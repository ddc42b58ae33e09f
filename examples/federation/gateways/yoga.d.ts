import type { StartGateway } from '../graph.ts';

/** GraphQL Yoga over a stitched supergraph. */
export const startYogaGateway: StartGateway;
