import type { Exchange } from './exchange.ts';
import type { Route } from './server.ts';

export interface HealthOptions {
  /** Whether requests are taken: not before the server listens, and not once it drains. */
  readonly isReady: () => boolean;
  /** Gives all metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
}

/** Liveness, readiness and Prometheus metrics. */
export function healthRoutes({ isReady, metrics }: HealthOptions): Route[] {
  const methods = ['GET', 'HEAD'];
  return [
    { path: '/health/live', methods, handler: (exchange) => sendStatus(exchange, 200, 'live') },
    {
      path: '/health/ready',
      methods,
      handler: (exchange) =>
        isReady() ? sendStatus(exchange, 200, 'ready') : sendStatus(exchange, 503, 'not ready'),
    },
    {
      path: '/metrics',
      methods,
      handler: async (exchange) => exchange.send(200, { 'content-type': METRICS_TYPE }, await metrics()),
    },
  ];
}

/** Prometheus' text format. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

function sendStatus(exchange: Exchange, status: number, word: string): void {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  exchange.send(status, headers, JSON.stringify({ status: word }));
}
