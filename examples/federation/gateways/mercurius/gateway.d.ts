import type { StartGateway } from '../../graph.ts';

/** Mercurius Gateway. */
export const startMercuriusGateway: StartGateway;
