/** prom-client takes a tenth of the start to load: this file is imported when somebody reads metrics. */
import { AggregatorRegistry, collectDefaultMetrics, type PrometheusContentType, Registry } from 'prom-client';

/** One metric, in the form of prom-client's `getMetricsAsJSON`. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  /** 'counter', 'gauge', 'histogram' or 'summary'; prom-client's types say a number. */
  readonly type: unknown;
  /** Makes one value of those of several processes. */
  readonly aggregator: string;
  readonly values: readonly object[];
}

/** They count from now on. */
const nodeMetrics = new Registry();
collectDefaultMetrics({ register: nodeMetrics });

/** The metrics of Node and of this process. */
export function readNodeMetrics(): Promise<readonly Metric[]> {
  return nodeMetrics.getMetricsAsJSON();
}

/** These metrics and `readNodeMetrics`, in Prometheus' text format. */
export function toText(own: readonly Metric[]): Promise<string> {
  return Registry.merge([nodeMetrics, aggregate([own])]).metrics();
}

/** The metrics of several processes as if they were one's, each aggregated as its `aggregator` says. */
export function aggregate(processes: readonly (readonly Metric[])[]): Registry {
  return AggregatorRegistry.aggregate<PrometheusContentType>([...processes]);
}
