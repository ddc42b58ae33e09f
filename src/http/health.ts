import type { FastifyInstance } from 'fastify';
import { prometheusContentType } from 'prom-client';

export interface HealthOptions {
  /** Whether requests are taken: not before the server listens, and not once it drains. */
  readonly isReady: () => boolean;
  /** Gives all metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
}

/** Adds liveness, readiness and Prometheus metrics to a server. */
export function addHealthRoutes(server: FastifyInstance, { isReady, metrics }: HealthOptions): void {
  server.get('/health/live', async () => ({ status: 'live' }));
  server.get('/health/ready', async (_request, reply) => {
    const ready = isReady();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  server.get('/metrics', async (_request, reply) => reply.type(prometheusContentType).send(await metrics()));
}
