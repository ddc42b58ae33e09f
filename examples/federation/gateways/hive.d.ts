import type { Running } from '../start-subgraph.ts';

/** Hive Gateway in front of the subgraphs of a supergraph. It hands the caller's token and request id on to each of them. */
export function startHiveGateway(supergraphSdl: string, port: number): Promise<Running>;
