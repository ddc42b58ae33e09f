import { type Aggregator, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/**
 * How an operation ended: with all its data, with errors beside data, without data, refused before it ran, given up since
 * its client went away, or turned away since too many GETs waited.
 */
export type Outcome = (typeof OUTCOMES)[number];

const OUTCOMES = ['ok', 'partial', 'failed', 'refused', 'cancelled', 'turned_away'] as const;

/** What `/metrics` reads at the moment of being asked. */
export interface UpstreamGauges {
  readonly breaker: 'closed' | 'open' | 'half-open';
  readonly connections: number;
  readonly inFlight: number;
  readonly waiting: number;
}

interface Observer {
  observe(seconds: number): void;
}

/** The metrics of one process. Labels come from small fixed sets, never from what a client wrote. */
export class Metrics {
  readonly registry = new Registry();
  readonly #operations = this.#histogram(
    'graphql_operation_duration_seconds',
    'GraphQL requests by outcome, from the request being read to the answer being ready.',
    'outcome',
    // A rate can only be told of what was there before.
    OUTCOMES,
  );
  readonly #tries = this.#histogram(
    'upstream_request_duration_seconds',
    'Single GETs to the REST API by HTTP status; "none" where no answer came.',
    'status',
  );
  readonly #users = this.#counter(
    'graphql_users_requested_total',
    'Distinct users that operations asked for.',
  );
  readonly #gets = this.#counter('upstream_gets_total', 'GETs made for them, retries not counted.');
  readonly #shared = this.#counter(
    'upstream_gets_shared_total',
    'GETs saved: another request had one in flight.',
  );
  readonly #retries = this.#counter('upstream_retries_total', 'Tries beyond the first of a GET.');
  readonly #untrusted = this.#counter(
    'graphql_untrusted_documents_total',
    'Operations that are not in the manifest of trusted documents.',
  );

  /** `upstream` is asked whenever the metrics are. */
  constructor(upstream: () => UpstreamGauges) {
    collectDefaultMetrics({ register: this.registry });
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

  /** Counts one GraphQL request and what it asked of the REST API. */
  operation(outcome: Outcome, durationMs: number, users: number, gets: number, shared: number): void {
    this.#operations(outcome).observe(durationMs / 1000);
    if (users > 0) this.#users.inc(users);
    if (gets > 0) this.#gets.inc(gets);
    if (shared > 0) this.#shared.inc(shared);
  }

  /** Counts one GET, be it the first of its kind or a retry. */
  tried(status: number | null, durationMs: number): void {
    this.#tries(String(status ?? 'none')).observe(durationMs / 1000);
  }

  retried(): void {
    this.#retries.inc();
  }

  untrustedDocument(): void {
    this.#untrusted.inc();
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
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

  /** Gives the function from a label's value to what observes under it, which is looked up once. */
  #histogram(
    name: string,
    help: string,
    label: string,
    known: readonly string[] = [],
  ): (value: string) => Observer {
    const histogram = new Histogram({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      buckets: SECONDS,
    });
    for (const value of known) histogram.zero({ [label]: value });
    const observers = new Map<string, Observer>();
    return (value) => {
      let observer = observers.get(value);
      if (observer === undefined) {
        observer = histogram.labels(value);
        observers.set(value, observer);
      }
      return observer;
    };
  }
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
