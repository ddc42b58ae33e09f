import type { AdminServer } from '#http/admin-server.ts';
import type { Logger } from '#telemetry/logger.ts';
import type { Config } from '../config.ts';
import { WorkerPool } from './worker-pool.ts';

export interface PrimaryOptions {
  readonly logger: Logger;
  /** Environment variables for the workers beside those of this process. */
  readonly workerEnv: Readonly<Record<string, string>>;
}

/** Several processes on one port. */
export interface RunningCluster {
  /** Where GraphQL listens, without a path: `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Lets all workers finish their requests; resolves when all are gone. */
  stop(): Promise<void>;
}

/**
 * Starts `config.workers` processes that run the same script as this one, and serves health and metrics of all of them
 * on `config.adminPort`. However this process ends, they end too.
 * @throws Error where one of them cannot start, or the port cannot be listened on
 */
export async function startPrimary(
  { host, adminPort, workers }: Config,
  { logger, workerEnv }: PrimaryOptions,
): Promise<RunningCluster> {
  const pool = new WorkerPool({ logger, env: workerEnv });
  process.once('exit', () => pool.kill());
  const admin = adminPort === undefined ? undefined : await startAdmin(host, adminPort, pool, logger);
  const url = await pool.start(workers);
  return {
    url,
    async stop() {
      await pool.stop();
      await admin?.stop();
    },
  };
}

/** Without it this process needs no HTTP server, and a good deal less memory. */
async function startAdmin(
  host: string,
  adminPort: number,
  pool: WorkerPool,
  logger: Logger,
): Promise<AdminServer> {
  const { startAdminServer } = await import('#http/admin-server.ts');
  const health = { isReady: () => pool.isReady, metrics: () => pool.metrics.read() };
  return await startAdminServer({ ...health, host, adminPort, logger });
}
