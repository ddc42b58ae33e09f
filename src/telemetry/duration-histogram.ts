import { Histogram, type Registry } from 'prom-client';

export interface DurationHistogramOptions<Label extends string> {
  readonly registry: Registry;
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
}

/**
 * A histogram that takes one value and more for each request. It counts by itself, and is one of prom-client's only for
 * those who read it: prom-client validates and hashes the labels for each value, which takes ten times as long.
 */
export class DurationHistogram<Label extends string> extends Histogram<Label> {
  readonly #options: DurationHistogramOptions<Label>;
  readonly #series: DurationSeries[] = [];

  constructor(options: DurationHistogramOptions<Label>) {
    const { registry, name, help, labels } = options;
    super({ name, help, labelNames: labels, registers: [registry] });
    this.#options = options;
  }

  /** Adds what is observed under these labels, from zero on; the caller keeps it. */
  series(labels: Readonly<Record<Label, string>>): DurationSeries {
    const series = new DurationSeries(labels);
    this.#series.push(series);
    return series;
  }

  /** What prom-client reads, be it for text or for objects. */
  async getForPromString(): Promise<object> {
    const { name, help } = this.#options;
    const values = this.#series.flatMap((series) => series.samples(name));
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  }
}

const BOUNDS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const BOUNDS_MS = Float64Array.from(BOUNDS_SECONDS, (seconds) => seconds * 1000);

/** The durations that were observed under one set of labels. */
export class DurationSeries {
  readonly #labels: Readonly<Record<string, string>>;
  /** By bucket; the last one has no bound. */
  readonly #counts = new Float64Array(BOUNDS_MS.length + 1);
  #sumMs = 0;

  constructor(labels: Readonly<Record<string, string>>) {
    this.#labels = labels;
  }

  observe(milliseconds: number): void {
    let bucket = 0;
    while (milliseconds > (BOUNDS_MS[bucket] ?? Number.POSITIVE_INFINITY)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sumMs += milliseconds;
  }

  /** Cumulative buckets, sum and count, in the form that prom-client's histogram gives. */
  samples(name: string): Sample[] {
    const sharedLabels = this.#labels;
    let count = 0;
    const buckets = Array.from(this.#counts, (inBucket, index) => {
      count += inBucket;
      const labels = { le: BOUNDS_SECONDS[index] ?? '+Inf' };
      return { metricName: `${name}_bucket`, labels, sharedLabels, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, sharedLabels, value: this.#sumMs / 1000 },
      { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
    ];
  }
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly sharedLabels: Readonly<Record<string, string>>;
  readonly value: number;
}
