import type { UpstreamStatus } from '#upstream/client.ts';
import { OPERATION_STATUSES, type OperationStatus } from './operation-log.ts';
import type { Metric } from './prometheus.ts';

export interface MetricsOptions {
  /** What goes on between us and the REST API. */
  readonly upstream: () => UpstreamStatus;
  /** Log lines that standard output did not take. */
  readonly lostLogLines?: (() => number) | undefined;
}

/**
 * What one process counts. Labels come from small fixed sets, never from what a client wrote. Counting adds to plain
 * numbers, since prom-client validates and hashes the labels of each value; they become metrics when somebody reads them.
 */
export class Metrics {
  readonly #options: MetricsOptions;
  /** From zero on: a rate can only be told of what was there before. */
  readonly #operations = new Map(OPERATION_STATUSES.map((outcome) => [outcome, new DurationHistogram()]));
  readonly #resources = new Map<string, ResourceCounts>();
  #untrustedDocuments = 0;

  constructor(options: MetricsOptions) {
    this.#options = options;
  }

  /** A GraphQL request is over. */
  operation(outcome: OperationStatus, durationMs: number): void {
    this.#operations.get(outcome)?.observe(durationMs);
  }

  /** An operation asked for so many distinct items of a resource. */
  requested(resource: string, items: number): void {
    this.#countsOf(resource).items += items;
  }

  /** A GET served a request: its own, or one that another request had in flight. */
  fetched(resource: string, shared: boolean): void {
    const counts = this.#countsOf(resource);
    if (shared) counts.shared++;
    else counts.gets++;
  }

  /** One attempt of a GET is over, be it the first or a retry; `status` is null where no answer came. */
  attempted(resource: string, status: number | null, durationMs: number): void {
    this.#countsOf(resource).attempts.getOrInsertComputed(status, newHistogram).observe(durationMs);
  }

  /** A GET is tried once more. */
  retried(resource: string): void {
    this.#countsOf(resource).retries++;
  }

  untrustedDocument(): void {
    this.#untrustedDocuments++;
  }

  /** All metrics of the process, in Prometheus' text format. */
  async text(): Promise<string> {
    const { toText } = await import('./prometheus.ts');
    return await toText(this.#own());
  }

  /** All metrics of the process, for one that adds up those of several. */
  async all(): Promise<readonly Metric[]> {
    const { readNodeMetrics } = await import('./prometheus.ts');
    return [...(await readNodeMetrics()), ...this.#own()];
  }

  #countsOf(resource: string): ResourceCounts {
    return this.#resources.getOrInsertComputed(resource, newCounts);
  }

  #own(): Metric[] {
    const { upstream, lostLogLines = () => 0 } = this.#options;
    const { breaker, connections, inFlight, waiting } = upstream();
    const resources = [...this.#resources];
    const total = (kind: 'items' | 'gets' | 'shared' | 'retries') =>
      resources.map(([resource, counts]) => ({ labels: { resource }, value: counts[kind] }));
    const operations = Array.from(this.#operations, ([outcome, durations]) => durations.samples({ outcome }));
    const attempts = resources.flatMap(([resource, counts]) =>
      Array.from(counts.attempts, ([status, durations]) =>
        durations.samples({ resource, status: String(status ?? 'none') }),
      ),
    );
    return [
      metric('graphql_operation_duration_seconds', 'histogram', operations.flat()),
      metric('upstream_attempt_duration_seconds', 'histogram', attempts.flat()),
      metric('graphql_items_requested_total', 'counter', total('items')),
      metric('upstream_gets_total', 'counter', total('gets')),
      metric('upstream_gets_shared_total', 'counter', total('shared')),
      metric('upstream_retries_total', 'counter', total('retries')),
      metric('graphql_untrusted_documents_total', 'counter', [value(this.#untrustedDocuments)]),
      metric('log_lines_lost_total', 'counter', [value(lostLogLines())]),
      metric('upstream_connections', 'gauge', [value(connections)]),
      metric('upstream_gets_in_flight', 'gauge', [value(inFlight)]),
      metric('upstream_gets_waiting', 'gauge', [value(waiting)]),
      { ...metric('upstream_breaker_open', 'gauge', [value(BREAKER_VALUES[breaker])]), aggregator: 'max' },
    ];
  }
}

const BREAKER_VALUES = { closed: 0, 'half-open': 0.5, open: 1 };

interface ResourceCounts {
  items: number;
  gets: number;
  shared: number;
  retries: number;
  /** By HTTP status. */
  readonly attempts: Map<number | null, DurationHistogram>;
}

const newCounts = (): ResourceCounts => ({ items: 0, gets: 0, shared: 0, retries: 0, attempts: new Map() });

const newHistogram = () => new DurationHistogram();

const BOUNDS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const BOUNDS_MS = Float64Array.from(BOUNDS_SECONDS, (seconds) => seconds * 1000);

/** How many durations there were of which size. */
class DurationHistogram {
  /** By bucket; the last one has no bound. */
  readonly #counts = new Float64Array(BOUNDS_MS.length + 1);
  #sumMs = 0;

  observe(milliseconds: number): void {
    let bucket = 0;
    while (milliseconds > (BOUNDS_MS[bucket] ?? Number.POSITIVE_INFINITY)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sumMs += milliseconds;
  }

  /** Cumulative buckets, sum and count. */
  samples(labels: Sample['labels']): Sample[] {
    let value = 0;
    const buckets = Array.from(this.#counts, (count, index) => {
      value += count;
      return { suffix: '_bucket', labels: { le: BOUNDS_SECONDS[index] ?? '+Inf', ...labels }, value };
    });
    return [
      ...buckets,
      { suffix: '_sum', labels, value: this.#sumMs / 1000 },
      { suffix: '_count', labels, value },
    ];
  }
}

const value = (value: number): Sample => ({ labels: {}, value });

const HELP = {
  graphql_operation_duration_seconds:
    'GraphQL requests by outcome, from the request being read to the answer being ready.',
  upstream_attempt_duration_seconds:
    'Single attempts of GETs to the REST API by HTTP status; "none" where no answer came.',
  graphql_items_requested_total: 'Distinct items that operations asked for.',
  upstream_gets_total: 'GETs made for them, retries not counted.',
  upstream_gets_shared_total: 'GETs saved: another request had one in flight.',
  upstream_retries_total: 'Attempts beyond the first of a GET.',
  graphql_untrusted_documents_total: 'Operations that are not in the manifest of trusted documents.',
  log_lines_lost_total: 'Log lines that standard output did not take.',
  upstream_connections: 'Open connections to the REST API.',
  upstream_gets_in_flight: 'GETs under way.',
  upstream_gets_waiting: 'GETs that wait for a connection.',
  upstream_breaker_open: 'Circuit breaker: 0 closed, 0.5 half-open, 1 open; of several processes the worst.',
};

interface Sample {
  /** What stands behind the metric's name. */
  readonly suffix?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

function metric(name: keyof typeof HELP, type: string, samples: readonly Sample[]): Metric {
  const values = samples.map(({ suffix = '', ...sample }) => ({ metricName: name + suffix, ...sample }));
  return { name, help: HELP[name], type, aggregator: 'sum', values };
}
