// JavaScript, with its types beside it: the declarations of this gateway's packages do not pass the type check that
// everything else here passes.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';

/** @type {typeof import('./hive.d.ts').startHiveGateway} */
export async function startHiveGateway(supergraphSdl, port) {
  const gateway = createGatewayRuntime({
    supergraph: supergraphSdl,
    transports: { http: import('@graphql-mesh/transport-http') },
    logging: 'error',
    propagateHeaders: {
      fromClientToSubgraphs({ request }) {
        const names = ['authorization', 'x-request-id'].filter((name) => request.headers.has(name));
        return Object.fromEntries(names.map((name) => [name, request.headers.get(name)]));
      },
    },
  });
  const server = createServer(gateway);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/graphql`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await gateway.dispose();
    },
  };
}
