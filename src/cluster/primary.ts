import type { Config } from '../config.ts';
import type { Logger } from '../observability/logger.ts';
import { startAdminServer } from '../server/admin-server.ts';
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
  config: Config,
  { logger, workerEnv }: PrimaryOptions,
): Promise<RunningCluster> {
  const pool = new WorkerPool({ logger, env: workerEnv });
  process.once('exit', () => pool.kill());
  const health = { isReady: () => pool.isReady, metrics: () => pool.metrics.read() };
  const admin = await startAdminServer(config, health, { maxRequestBytes: config.maxRequestBytes, logger });
  const url = await pool.start(config.workers);
  return {
    url,
    async stop() {
      await pool.stop();
      await admin?.stop();
    },
  };
}
