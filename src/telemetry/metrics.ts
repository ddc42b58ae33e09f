import { type Aggregator, Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { DurationHistogram, type DurationSeries } from './duration-histogram.ts';
import { OPERATION_STATUSES, type OperationStatus } from './operation-record.ts';

/** What `/metrics` reads at the moment of being asked. */
export interface UpstreamGauges {
  readonly breaker: 'closed' | 'open' | 'half-open';
  readonly connections: number;
  readonly inFlight: number;
  readonly waiting: number;
}

export interface MetricsOptions {
  /** What goes on between us and the REST API. */
  readonly upstream: () => UpstreamGauges;
  /** Log lines that standard output did not take. */
  readonly lostLogLines?: (() => number) | undefined;
}

/**
 * The metrics of one process. Labels come from small fixed sets, never from what a client wrote. What changes with each
 * request is a plain number here, and becomes one of prom-client's when somebody reads it.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #operations: ReadonlyMap<OperationStatus, DurationSeries>;
  readonly #attempts: DurationHistogram<'resource' | 'status'>;
  readonly #resources = new Map<string, ResourceCounts>();
  #untrustedDocuments = 0;

  constructor({ upstream, lostLogLines = () => 0 }: MetricsOptions) {
    const { registry } = this;
    collectDefaultMetrics({ register: registry });
    const operations = new DurationHistogram({
      registry,
      name: 'graphql_operation_duration_seconds',
      help: 'GraphQL requests by outcome, from the request being read to the answer being ready.',
      labels: ['outcome'],
    });
    // A rate can only be told of what was there before.
    this.#operations = new Map(
      OPERATION_STATUSES.map((outcome) => [outcome, operations.series({ outcome })]),
    );
    this.#attempts = new DurationHistogram({
      registry,
      name: 'upstream_attempt_duration_seconds',
      help: 'Single attempts of GETs to the REST API by HTTP status; "none" where no answer came.',
      labels: ['resource', 'status'],
    });
    this.#resourceCounter(
      'graphql_items_requested_total',
      'Distinct items that operations asked for.',
      'items',
    );
    this.#resourceCounter('upstream_gets_total', 'GETs made for them, retries not counted.', 'gets');
    this.#resourceCounter(
      'upstream_gets_shared_total',
      'GETs saved: another request had one in flight.',
      'shared',
    );
    this.#resourceCounter('upstream_retries_total', 'Attempts beyond the first of a GET.', 'retries');
    this.#counter(
      'graphql_untrusted_documents_total',
      'Operations that are not in the manifest of trusted documents.',
      () => this.#untrustedDocuments,
    );
    this.#counter('log_lines_lost_total', 'Log lines that standard output did not take.', lostLogLines);
    this.#gauge('upstream_connections', 'Open connections to the REST API.', () => upstream().connections);
    this.#gauge('upstream_gets_in_flight', 'GETs under way.', () => upstream().inFlight);
    this.#gauge('upstream_gets_waiting', 'GETs that wait for a connection.', () => upstream().waiting);
    this.#gauge(
      'upstream_breaker_open',
      'Circuit breaker: 0 closed, 0.5 half-open, 1 open; of several processes the worst.',
      () => ({ closed: 0, 'half-open': 0.5, open: 1 })[upstream().breaker],
      'max',
    );
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
    const { attempts } = this.#countsOf(resource);
    let series = attempts.get(status);
    if (series === undefined) {
      series = this.#attempts.series({ resource, status: String(status ?? 'none') });
      attempts.set(status, series);
    }
    series.observe(durationMs);
  }

  /** A GET is tried once more. */
  retried(resource: string): void {
    this.#countsOf(resource).retries++;
  }

  untrustedDocument(): void {
    this.#untrustedDocuments++;
  }

  #countsOf(resource: string): ResourceCounts {
    let counts = this.#resources.get(resource);
    if (counts === undefined) {
      counts = { items: 0, gets: 0, shared: 0, retries: 0, attempts: new Map() };
      this.#resources.set(resource, counts);
    }
    return counts;
  }

  #resourceCounter(name: string, help: string, kind: 'items' | 'gets' | 'shared' | 'retries'): void {
    const resources = this.#resources;
    new Counter({
      name,
      help,
      labelNames: ['resource'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [resource, counts] of resources) this.inc({ resource }, counts[kind]);
      },
    });
  }

  #counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** `aggregator` makes one value of those of several processes. */
  #gauge(name: string, help: string, read: () => number, aggregator: Aggregator = 'sum'): void {
    new Gauge({
      name,
      help,
      aggregator,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}

interface ResourceCounts {
  items: number;
  gets: number;
  shared: number;
  retries: number;
  /** By HTTP status. */
  readonly attempts: Map<number | null, DurationSeries>;
}
