import type { Logger } from '#telemetry/logger.ts';
import type { ConnectionLimits } from './connections.ts';
import type { Exchange } from './exchange.ts';
import { HttpServer, type Route } from './server.ts';

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
      handler: async (exchange) =>
        exchange.send(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }, await metrics()),
    },
  ];
}

function sendStatus(exchange: Exchange, status: number, word: string): void {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  exchange.send(status, headers, JSON.stringify({ status: word }));
}

export interface AdminServerOptions extends HealthOptions {
  readonly host: string;
  readonly adminPort: number;
  readonly limits?: Partial<ConnectionLimits> | undefined;
  readonly logger: Logger;
}

export interface AdminServer {
  /** Where health and metrics listen, without a path. */
  readonly url: string;
  stop(): Promise<boolean>;
}

/**
 * Starts the server of `adminPort`, which serves health and metrics alone.
 * @throws StartError where the port cannot be listened on
 */
export async function startAdminServer({
  host,
  adminPort,
  limits,
  logger,
  ...health
}: AdminServerOptions): Promise<AdminServer> {
  const server = new HttpServer({ routes: healthRoutes(health), limits, logger });
  const url = await server.listen({ host, port: adminPort, portVariable: 'ADMIN_PORT' });
  // 0 may be any port.
  logger.info({ url }, 'health and metrics');
  // Those who ask for health ask again.
  return { url, stop: () => server.drain() };
}
