import cluster, { type Worker } from 'node:cluster';
import { StartError } from '#graphql/start-error.ts';
import type { Metric } from '#telemetry/prometheus.ts';
import { type FromPrimary, type FromWorker, Question } from './messages.ts';

export interface WorkerProcessOptions {
  /** Environment variables for it beside those of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** Tells it the metrics of all processes. */
  readonly allMetrics: () => Promise<string>;
}

/** How a process ended: an exit code, or the signal that killed it. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A busy worker is not waited for any longer. */
const METRICS_LIMIT_MS = 1000;

/** A worker, as the primary process sees it. It starts when it is made. */
export class WorkerProcess {
  /** Gives the address of GraphQL once it listens; rejects with the reason where it ends before. */
  readonly listening: Promise<string>;
  readonly gone: Promise<Ending>;
  readonly #worker: Worker;
  readonly #ownMetrics = new Question<readonly Metric[]>(() => this.#tell({ kind: 'own metrics?' }));
  #isListening = false;
  #lastMetrics: readonly Metric[] = [];

  constructor({ env, allMetrics }: WorkerProcessOptions) {
    const worker = cluster.fork(env);
    this.#worker = worker;
    const listening = Promise.withResolvers<string>();
    const gone = Promise.withResolvers<Ending>();
    this.listening = listening.promise;
    this.gone = gone.promise;
    worker.on('exit', (code, signal) => {
      this.#isListening = false;
      listening.reject(new Error(`A worker ended before it listened: ${signal ?? `exit code ${code}`}.`));
      gone.resolve({ code, signal });
    });
    worker.on('error', (error) => {
      // Else a message could not be sent since it is just ending, which is heard of anyway.
      if (worker.process.pid !== undefined) return;
      listening.reject(error);
      gone.resolve({ code: null, signal: null });
    });
    worker.on('message', async (message: FromWorker) => {
      switch (message.kind) {
        case 'listening':
          this.#isListening = true;
          return listening.resolve(message.url);
        case 'failed':
          return listening.reject(new StartError(message.reason));
        case 'own metrics':
          this.#lastMetrics = message.metrics;
          return this.#ownMetrics.answer(message.metrics);
        case 'all metrics?':
          return this.#tell({ kind: 'all metrics', text: await allMetrics() });
      }
    });
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** Its metrics when they were last read. */
  get lastMetrics(): readonly Metric[] {
    return this.#lastMetrics;
  }

  /** Reads its metrics; gives those of the last time where it does not answer soon. */
  async readMetrics(): Promise<readonly Metric[]> {
    if (this.#isListening) await this.#ownMetrics.ask(METRICS_LIMIT_MS);
    return this.#lastMetrics;
  }

  /** Lets it finish its requests and end. */
  stop(): void {
    this.#worker.process.kill('SIGTERM');
  }

  /** Ends it at once. */
  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #tell(message: FromPrimary): void {
    if (this.#worker.isConnected()) this.#worker.send(message);
  }
}
