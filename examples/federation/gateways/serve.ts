import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { Running } from '../graph.ts';

/** Serves GraphQL at /graphql of 127.0.0.1; port 0 takes a free one. */
export async function serve(handler: RequestListener, port: number): Promise<Running> {
  const server = createServer(handler);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}/graphql`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
