import type { Config } from '#process/config.ts';
import { drain } from './drain.ts';
import { addHealthRoutes, type HealthOptions } from './health.ts';
import { createHttpServer, type HttpServerOptions } from './http-server.ts';
import { listen } from './listen.ts';

export interface AdminServer {
  /** Where health and metrics listen, without a path. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Those who ask for health ask again. */
const DRAIN_TIMES = { idleMs: 0, limitMs: 1000 };

/**
 * Starts the server of `adminPort`, which tells health and metrics alone; undefined where there is no such port.
 * @throws Error where the port cannot be listened on
 */
export async function startAdminServer(
  { host, adminPort }: Pick<Config, 'host' | 'adminPort'>,
  health: HealthOptions,
  http: Omit<HttpServerOptions, 'corsOrigins'>,
): Promise<AdminServer | undefined> {
  if (adminPort === undefined) return undefined;
  const server = await createHttpServer({ ...http, corsOrigins: [] });
  addHealthRoutes(server, health);
  const url = await listen(server, host, adminPort);
  // The banner does not say it, and 0 may be any port.
  http.logger.info({ url }, 'health and metrics');
  return {
    url,
    async stop() {
      await drain(server, DRAIN_TIMES);
    },
  };
}
