import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '#telemetry/logger.ts';
import { AllMetrics } from './all-metrics.ts';
import { WorkerProcess } from './worker-process.ts';

export interface WorkerPoolOptions {
  readonly logger: Logger;
  /** Environment variables for the workers beside those of this process. */
  readonly env: Readonly<Record<string, string>>;
}

/** A worker that can't live would otherwise take a whole core for being started again and again. */
const BETWEEN_REPLACEMENTS_MS = 1000;

/** Longer than a worker's requests may take then, and shorter than this process may. */
const STOP_LIMIT_MS = 9000;

/** The workers, each replaced when it ends. */
export class WorkerPool {
  readonly metrics = new AllMetrics(() => this.#workers);
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Set<WorkerProcess>();
  #nextReplacementAt = 0;
  #stopping = false;

  constructor(options: WorkerPoolOptions) {
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
    const { env } = this.#options;
    const worker = new WorkerProcess({ env, allMetrics: () => this.metrics.read() });
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
