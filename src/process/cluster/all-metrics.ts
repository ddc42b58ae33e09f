import type { Metric } from '#telemetry/prometheus.ts';
import { singleFlight } from './peer.ts';
import type { WorkerProcess } from './worker-process.ts';

/**
 * The metrics of all processes as if they were one, each aggregated as its `aggregator` says. `process_*` includes the
 * primary process; all others are the workers' alone.
 *
 * prom-client's `clusterMetrics` is not used: it fails as a whole, and only after five seconds, where one worker does not
 * answer, it forgets what a worker counted as soon as that worker ends, and no worker can ask it.
 */
export class AllMetrics {
  readonly #workers: () => Iterable<WorkerProcess>;
  /** What is left of workers that are gone. */
  #former: Promise<readonly Metric[]> = Promise.resolve([]);

  constructor(workers: () => Iterable<WorkerProcess>) {
    this.#workers = workers;
  }

  /** Gives them in Prometheus' text format. */
  readonly read = singleFlight(() => this.#read());

  /** Keeps what a worker counted that is gone: a sum that fell would look like a restart of everything. */
  keep({ lastMetrics }: WorkerProcess): void {
    const counted = lastMetrics.filter(({ type }) => type === 'counter' || type === 'histogram');
    if (counted.length === 0) return;
    this.#former = Promise.all([prometheus(), this.#former]).then(([{ aggregate }, former]) =>
      aggregate([former, counted]).getMetricsAsJSON(),
    );
  }

  async #read(): Promise<string> {
    const { aggregate, readNodeMetrics } = await prometheus();
    // All at one moment: a worker that ends meanwhile is not among the former ones as well.
    const reading = [...this.#workers()].map((worker) => worker.readMetrics());
    const [ofPrimary, ...ofWorkers] = await Promise.all([readNodeMetrics(), this.#former, ...reading]);
    const ofProcess = ofPrimary.filter(({ name }) => name.startsWith('process_'));
    return await aggregate([ofProcess, ...ofWorkers]).metrics();
  }
}

const prometheus = () => import('#telemetry/prometheus.ts');
