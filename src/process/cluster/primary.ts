import { setTimeout as pause } from 'node:timers/promises';
import type { RunningServer } from '#http/service.ts';
import type { Logger } from '#telemetry/logger.ts';
import type { Config } from '../config.ts';
import { AllMetrics } from './all-metrics.ts';
import { WorkerProcess } from './worker-process.ts';

/**
 * Starts `config.workers` processes that run the same script as this one, and serves health and metrics of all of them
 * on `config.adminPort`. However this process ends, they end too. `workerEnv`: their environment variables beside those
 * of this process. To stop it lets all workers finish their requests.
 * @throws Error where one of them cannot start (it says why itself), or the port cannot be listened on
 */
export async function startPrimary(
  { host, adminPort, workers }: Config,
  logger: Logger,
  workerEnv: Readonly<Record<string, string>>,
): Promise<Pick<RunningServer, 'url' | 'stop'>> {
  const pool = new WorkerPool(logger, workerEnv);
  process.once('exit', () => pool.kill('SIGKILL'));
  const health = { isReady: () => pool.isReady, metrics: () => pool.metrics.read() };
  // Without it this process needs no HTTP server, and a good deal less memory.
  const admin =
    adminPort === undefined
      ? undefined
      : await (await import('#http/admin.ts')).startAdminServer({ ...health, host, adminPort, logger });
  const url = await pool.start(workers);
  return {
    url,
    async stop() {
      await pool.stop();
      await admin?.stop();
    },
  };
}

/** A worker that can't live would otherwise take a whole core for being started again and again. */
const BETWEEN_REPLACEMENTS_MS = 1000;

/** Longer than a worker's requests may take then, and shorter than this process may. */
const STOP_LIMIT_MS = 9000;

/** The workers, each replaced when it ends. */
class WorkerPool {
  readonly metrics = new AllMetrics(() => this.#workers);
  readonly #logger: Logger;
  readonly #env: Readonly<Record<string, string>>;
  readonly #workers = new Set<WorkerProcess>();
  #nextReplacementAt = 0;
  #started = false;
  #stopping = false;

  constructor(logger: Logger, env: Readonly<Record<string, string>>) {
    this.#logger = logger;
    this.#env = env;
  }

  /**
   * Starts this many workers; gives the address that they share, once all of them listen. What keeps one from starting
   * keeps all: so the first goes ahead, and no other is started where it ends.
   * @throws Error where one ends before it listens; the others are to be killed then
   */
  async start(count: number): Promise<string> {
    const first = this.#fork();
    const url = await first.listening;
    const others = Array.from({ length: count - 1 }, () => this.#fork());
    await Promise.all(others.map(({ listening }) => listening));
    for (const worker of [first, ...others]) this.#replaceOnceGone(worker);
    this.#started = true;
    return url;
  }

  /** Whether requests are taken. Once all have started, one is enough: it takes them all until the others are replaced. */
  get isReady(): boolean {
    return this.#started && !this.#stopping && [...this.#workers].some(({ isListening }) => isListening);
  }

  /** Lets all workers finish their requests, and resolves when all are gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.kill('SIGTERM');
    const limit = setTimeout(() => {
      this.#logger.warn('workers that did not stop are killed');
      this.kill('SIGKILL');
    }, STOP_LIMIT_MS);
    await Promise.all([...this.#workers].map(({ gone }) => gone));
    clearTimeout(limit);
  }

  /** SIGTERM lets them finish their requests and end, SIGKILL ends them at once. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    for (const worker of this.#workers) worker.kill(signal);
  }

  #fork(): WorkerProcess {
    const worker = new WorkerProcess(this.#env, () => this.metrics.read());
    this.#workers.add(worker);
    worker.gone.then(() => {
      this.#workers.delete(worker);
      this.metrics.keep(worker);
    });
    return worker;
  }

  async #replaceOnceGone(worker: WorkerProcess): Promise<void> {
    const { pid, gone, listening } = worker;
    const failure = await listening.then(
      () => this.#logger.info({ worker: pid }, 'a worker listens'),
      (error: unknown) => error,
    );
    const { code, signal } = await gone;
    if (this.#stopping) return;
    this.#logger.error({ worker: pid, code, signal, err: failure }, 'a worker ended, and is replaced');
    const now = performance.now();
    this.#nextReplacementAt = Math.max(now, this.#nextReplacementAt + BETWEEN_REPLACEMENTS_MS);
    await pause(this.#nextReplacementAt - now);
    if (!this.#stopping) this.#replaceOnceGone(this.#fork());
  }
}
