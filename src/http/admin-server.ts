import type { Logger } from '#telemetry/logger.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { type HealthOptions, healthRoutes } from './health.ts';
import { createHttpServer } from './server.ts';

export interface AdminServerOptions extends HealthOptions {
  readonly host: string;
  readonly adminPort: number;
  readonly limits?: Partial<ConnectionLimits> | undefined;
  readonly logger: Logger;
}

export interface AdminServer {
  /** Where health and metrics listen, without a path. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Those who ask for health ask again. */
const DRAIN_TIMES = { idleMs: 0, limitMs: 1000 };

/**
 * Starts the server of `adminPort`, which serves health and metrics alone.
 * @throws StartError where the port cannot be listened on
 */
export async function startAdminServer({
  host,
  adminPort,
  limits,
  logger,
  ...health
}: AdminServerOptions): Promise<AdminServer> {
  const server = createHttpServer({ routes: healthRoutes(health), limits, logger });
  const url = await server.listen({ host, port: adminPort, portVariable: 'ADMIN_PORT' });
  // 0 may be any port.
  logger.info({ url }, 'health and metrics');
  return {
    url,
    async stop() {
      await server.drain(DRAIN_TIMES);
    },
  };
}
