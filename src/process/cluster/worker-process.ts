import cluster, { type Worker } from 'node:cluster';
import { StartError } from '#graphql/start-error.ts';
import type { Metric } from '#telemetry/prometheus.ts';
import { Peer } from './peer.ts';

/** A busy worker is not waited for any longer. */
const METRICS_LIMIT_MS = 1000;

/** A worker, as the primary process sees it. It starts when it is made. */
export class WorkerProcess {
  /** Gives the address of GraphQL once it listens; rejects where it ends before. */
  readonly listening: Promise<string>;
  /** How it ended: an exit code, or the signal that killed it. */
  readonly gone: Promise<Readonly<{ code: number | null; signal: string | null }>>;
  isListening = false;
  /** Its metrics when it last told them. */
  lastMetrics: readonly Metric[] = [];
  readonly #worker: Worker;
  readonly #peer: Peer;

  /** `env`: variables beside those of this process. `allMetrics`: tells it the metrics of all processes. */
  constructor(env: Readonly<Record<string, string>>, allMetrics: () => Promise<string>) {
    const worker = cluster.fork(env);
    const peer = new Peer(worker);
    this.#worker = worker;
    this.#peer = peer;
    const listening = Promise.withResolvers<string>();
    const gone = Promise.withResolvers<Awaited<typeof this.gone>>();
    this.listening = listening.promise;
    this.gone = gone.promise;
    peer.on('listening', (url) => {
      this.isListening = true;
      listening.resolve(url);
    });
    peer.on('own metrics', (metrics) => {
      this.lastMetrics = metrics;
    });
    peer.on('all metrics?', async () => peer.tell('all metrics', await allMetrics()));
    worker.on('exit', (code, signal) => {
      this.isListening = false;
      listening.reject(
        new StartError(`A worker ended before it listened: ${signal ?? `exit code ${code}`}.`),
      );
      gone.resolve({ code, signal });
    });
    worker.on('error', (error) => {
      // Else a message could not be sent since it is just ending, which is heard of anyway.
      if (worker.process.pid !== undefined) return;
      listening.reject(error);
      gone.resolve({ code: null, signal: null });
    });
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /** Reads its metrics; gives those of the last time where it does not answer soon. */
  async readMetrics(): Promise<readonly Metric[]> {
    if (this.isListening) await this.#peer.ask('own metrics', METRICS_LIMIT_MS);
    return this.lastMetrics;
  }

  /** SIGTERM lets it finish its requests and end, SIGKILL ends it at once. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#worker.process.kill(signal);
  }
}
