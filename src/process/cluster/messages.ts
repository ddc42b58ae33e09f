import type { Metric } from '#telemetry/prometheus.ts';

/** What a worker tells the primary process. Both are always of the same version, so nothing is checked. */
export type FromWorker =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'own metrics'; readonly metrics: readonly Metric[] }
  | { readonly kind: 'all metrics?' };

/** What the primary process tells a worker. */
export type FromPrimary =
  | { readonly kind: 'own metrics?' }
  | { readonly kind: 'all metrics'; readonly text: string };
