import type { StartGateway } from '../graph.ts';

/** Hive Gateway. */
export const startHiveGateway: StartGateway;
