import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { start } from '../../src/http/service.ts';
import { readConfig } from '../../src/process/config.ts';
import { installPackages } from './install-packages.ts';

export interface WebOptions {
  /** The REST API behind the service. */
  readonly upstreamUrl: string;
  /** Where the page listens; 0 takes a free port. */
  readonly port?: number;
  /** Whether the service refuses what is not in the page's manifest. */
  readonly requireTrusted?: boolean;
}

/** A page that is served: its address, that of GraphQL, and the way to end both. */
export interface Web {
  readonly url: string;
  readonly graphqlUrl: string;
  stop(): Promise<void>;
}

/** Starts the service on a free port, and Vite's server for the page before it. Rejects with nothing left running. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { upstreamUrl, port = 0, requireTrusted = false } = options;
  await using started = new AsyncDisposableStack();

  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  started.defer(() => closeServer(server));

  const service = await start(
    readConfig({
      PORT: '0',
      UPSTREAM_URL: upstreamUrl,
      PERSISTED_DOCUMENTS: `${import.meta.dirname}/src/generated/persisted-documents.json`,
      PERSISTED_DOCUMENTS_MODE: requireTrusted ? 'require' : 'allow',
    }),
  );
  started.defer(() => service.stop());

  installPackages();
  const { createServer: createVite } = await import('vite');
  // With a server of its own, Vite would end the process at a signal or at the end of standard input.
  const vite = await createVite({
    configFile: `${import.meta.dirname}/vite.config.ts`,
    logLevel: 'error',
    server: { middlewareMode: true, hmr: { server }, proxy: { '/graphql': service.url } },
  });
  started.defer(() => vite.close());
  server.on('request', vite.middlewares);

  const running = started.move();
  return {
    url: addressOf(server),
    graphqlUrl: `${service.url}/graphql`,
    stop: () => running.disposeAsync(),
  };
}

function addressOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
