import { setTimeout as pause } from 'node:timers/promises';
import type { AdminServer } from '#http/admin.ts';
import type { Logger } from '#telemetry/logger.ts';
import type { Metric } from '#telemetry/prometheus.ts';
import type { Config } from '../config.ts';
import { WorkerProcess } from './worker-process.ts';

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
  options: PrimaryOptions,
): Promise<RunningCluster> {
  const pool = new WorkerPool(options);
  process.once('exit', () => pool.kill());
  const admin = adminPort === undefined ? undefined : await startAdmin(host, adminPort, pool, options.logger);
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
  const { startAdminServer } = await import('#http/admin.ts');
  const health = { isReady: () => pool.isReady, metrics: () => pool.metrics.read() };
  return await startAdminServer({ ...health, host, adminPort, logger });
}

/** A worker that can't live would otherwise take a whole core for being started again and again. */
const BETWEEN_REPLACEMENTS_MS = 1000;

/** Longer than a worker's requests may take then, and shorter than this process may. */
const STOP_LIMIT_MS = 9000;

/** The workers, each replaced when it ends. */
class WorkerPool {
  readonly metrics = new AllMetrics(() => this.#workers);
  readonly #options: PrimaryOptions;
  readonly #workers = new Set<WorkerProcess>();
  #nextReplacementAt = 0;
  #stopping = false;

  constructor(options: PrimaryOptions) {
    this.#options = options;
  }

  /**
   * Starts this many workers; gives the address that they share, once all of them listen.
   * @throws Error where one ends before that; the others are to be killed then
   */
  async start(count: number): Promise<string> {
    const workers = Array.from({ length: count }, () => this.#fork());
    const [url = ''] = await Promise.all(workers.map(({ listening }) => listening));
    for (const worker of workers) this.#replaceOnceGone(worker);
    return url;
  }

  /** Whether requests are taken. One worker is enough: it takes them all until the others are replaced. */
  get isReady(): boolean {
    return !this.#stopping && [...this.#workers].some(({ isListening }) => isListening);
  }

  /** Lets all workers finish their requests, and resolves when all are gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const worker of this.#workers) worker.stop();
    const limit = setTimeout(() => {
      this.#options.logger.warn('workers that did not stop are killed');
      this.kill();
    }, STOP_LIMIT_MS);
    await Promise.all([...this.#workers].map(({ gone }) => gone));
    clearTimeout(limit);
  }

  /** Ends all workers at once. */
  kill(): void {
    for (const worker of this.#workers) worker.kill();
  }

  #fork(): WorkerProcess {
    const worker = new WorkerProcess({ env: this.#options.workerEnv, allMetrics: () => this.metrics.read() });
    this.#workers.add(worker);
    worker.gone.then(() => {
      this.#workers.delete(worker);
      this.metrics.keep(worker);
    });
    return worker;
  }

  async #replaceOnceGone(worker: WorkerProcess): Promise<void> {
    const { logger } = this.#options;
    const { pid, gone, listening } = worker;
    const failure = await listening.then(
      () => logger.info({ worker: pid }, 'a worker listens'),
      (error: unknown) => error,
    );
    const { code, signal } = await gone;
    if (this.#stopping) return;
    logger.error({ worker: pid, code, signal, err: failure }, 'a worker ended, and is replaced');
    const now = performance.now();
    this.#nextReplacementAt = Math.max(now, this.#nextReplacementAt + BETWEEN_REPLACEMENTS_MS);
    await pause(this.#nextReplacementAt - now);
    if (!this.#stopping) this.#replaceOnceGone(this.#fork());
  }
}

/**
 * The metrics of all processes as if they were one, each aggregated as its `aggregator` says. `process_*` includes the
 * primary process; all others are the workers' alone.
 *
 * prom-client's `clusterMetrics` is not used: it fails as a whole, and only after five seconds, where one worker does not
 * answer, it forgets what a worker counted as soon as that worker ends, and no worker can ask it.
 */
class AllMetrics {
  readonly #workers: () => Iterable<WorkerProcess>;
  /** What is left of workers that are gone. */
  readonly #formerWorkers: (readonly Metric[])[] = [];
  #reading: Promise<string> | undefined;

  constructor(workers: () => Iterable<WorkerProcess>) {
    this.#workers = workers;
  }

  /** Gives them in Prometheus' text format. Whoever asks while they are read gets the same. */
  read(): Promise<string> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Keeps what a worker counted that is gone: a sum that fell would look like a restart of everything. */
  keep({ lastMetrics }: WorkerProcess): void {
    this.#formerWorkers.push(lastMetrics.filter(({ type }) => type === 'counter' || type === 'histogram'));
  }

  async #read(): Promise<string> {
    const { aggregate, readNodeMetrics } = await import('#telemetry/prometheus.ts');
    const ofWorkers = await Promise.all([...this.#workers()].map((worker) => worker.readMetrics()));
    const ofPrimary = (await readNodeMetrics()).filter(({ name }) => name.startsWith('process_'));
    const former = [...this.#formerWorkers];
    this.#formerWorkers.splice(0, former.length, await aggregate(former).getMetricsAsJSON());
    return await aggregate([...ofWorkers, ofPrimary, ...this.#formerWorkers]).metrics();
  }
}
