import type { Running, StartGateway, Subgraph } from '../graph.ts';

/** Loads no more than the gateway that is asked for. */
const loaders = {
  apollo: async () => (await import('./apollo.ts')).startApolloGateway,
  hive: async () => (await import('./hive.js')).startHiveGateway,
  yoga: async () => (await import('./yoga.js')).startYogaGateway,
  mercurius: async () => {
    const { installMercurius } = await import('./mercurius/install.ts');
    installMercurius();
    return (await import('./mercurius/gateway.js')).startMercuriusGateway;
  },
} satisfies Record<string, () => Promise<StartGateway>>;

/** The gateways that the example can run. */
export type GatewayName = keyof typeof loaders;

export const gatewayNames = Object.keys(loaders).filter(isGatewayName);

/** Whether a gateway of that name is here. */
export function isGatewayName(name: string): name is GatewayName {
  return Object.hasOwn(loaders, name);
}

/** Starts the gateway of that name. */
export async function startGateway(
  name: GatewayName,
  subgraphs: readonly Subgraph[],
  port: number,
): Promise<Running> {
  const start = await loaders[name]();
  return start(subgraphs, port);
}
