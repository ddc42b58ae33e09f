// JavaScript, with its types beside it: the declarations of this gateway's packages do not pass the type check that
// everything else here passes.
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeSupergraph } from '../compose.ts';
import { PASSED_HEADERS } from './passed-headers.ts';
import { serve } from './serve.ts';

/** @type {import('../graph.ts').StartGateway} */
export async function startHiveGateway(subgraphs, port) {
  const gateway = createGatewayRuntime({
    supergraph: composeSupergraph(subgraphs),
    transports: { http: import('@graphql-mesh/transport-http') },
    logging: 'error',
    propagateHeaders: {
      fromClientToSubgraphs({ request }) {
        const names = PASSED_HEADERS.filter((name) => request.headers.has(name));
        return Object.fromEntries(names.map((name) => [name, request.headers.get(name)]));
      },
    },
  });
  const server = await serve(gateway, port);
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await gateway.dispose();
    },
  };
}
