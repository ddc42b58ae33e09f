import { pino } from 'pino';
import { RequestError } from '#graphql/pipeline/reply.ts';
import type { Logger } from '#telemetry/logger.ts';
import { Metrics } from '#telemetry/metrics.ts';
import type { Tracing } from '#telemetry/tracing.ts';
import { startAdminServer } from './admin-server.ts';
import { type ConnectionLimits, DEFAULT_CONNECTION_LIMITS } from './connection-limits.ts';
import type { DrainTimes } from './drain.ts';
import { graphqlRoute } from './graphql-route.ts';
import { healthRoutes } from './health.ts';
import { createHttpServer } from './server.ts';

/** How the service runs. Each setting comes from an environment variable of the same name, which README.md explains. */
export interface ServiceSettings {
  readonly port: number;
  readonly host: string;
  readonly adminPort: number | undefined;
  readonly production: boolean;
  /** The REST API; undefined stands for the embedded one, which is to be put in its place. */
  readonly upstreamUrl: URL | undefined;
  readonly upstreamTimeoutMs: number;
  readonly upstreamAttempts: number;
  readonly upstreamConnections: number;
  readonly upstreamConnectionMaxAgeMs: number;
  readonly upstreamMaxBodyBytes: number;
  readonly proxy: ProxySettings;
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  readonly maxQueryBytes: number;
  readonly maxQueryTokens: number;
  readonly maxQueryDepth: number;
  readonly maxQueryAliases: number;
  readonly maxQueryDirectives: number;
  readonly maxUsersPerOperation: number;
  readonly introspection: boolean;
  readonly upstreamReport: boolean;
  readonly federatedTracing: boolean;
  readonly corsOrigins: readonly (string | RegExp)[];
  /** Path of the manifest of trusted documents. */
  readonly persistedDocuments: string | undefined;
  readonly persistedDocumentsMode: 'allow' | 'log' | 'require';
}

/** The way to the REST API, as the usual variables say it. The addresses may hold a password. */
export interface ProxySettings {
  readonly httpsProxy?: string;
  readonly httpProxy?: string;
  /** Hosts that are reached without a proxy. */
  readonly noProxy?: string;
}

export interface StartOptions {
  /** How long stopping may take; next to no time by default. */
  readonly drainTimes?: DrainTimes;
  readonly logger?: Logger;
  /** Where operations are traced; whoever started it stops it. */
  readonly tracing?: Tracing | undefined;
  readonly connectionLimits?: Partial<ConnectionLimits> | undefined;
  /** A token to fill in for those who explore; outside production. */
  readonly exampleToken?: string | undefined;
  /** Where this is one of several processes: the metrics of all. Whoever gives them serves `adminPort` too. */
  readonly allMetrics?: (() => Promise<string>) | undefined;
}

export interface RunningServer {
  /** Where GraphQL listens, without a path: `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Where health and metrics listen. */
  readonly adminUrl: string;
  /** What this process counts. */
  readonly metrics: Metrics;
  /** Takes no more requests, lets those in flight finish for a while, then closes everything. */
  stop(): Promise<void>;
}

/** For clients that are known to be done. */
const IMPATIENT: DrainTimes = { idleMs: 0, limitMs: 1000 };

/**
 * Starts the whole service: GraphQL over HTTP, health and metrics.
 * @throws StartError where a port cannot be listened on
 */
export async function start(settings: ServiceSettings, options: StartOptions = {}): Promise<RunningServer> {
  const logger = options.logger ?? pino({ level: 'silent' });
  const { host, port, adminPort, corsOrigins, maxRequestBytes } = settings;
  let ready = false;

  const metrics = new Metrics(() => ({ breaker: 'closed', connections: 0, inFlight: 0, waiting: 0 }));
  const limits = {
    // Clients that wait for the REST API, be it for one user after the other, are not idle.
    idleTimeoutMs: Math.max(DEFAULT_CONNECTION_LIMITS.idleTimeoutMs, 10 * settings.upstreamTimeoutMs),
    ...options.connectionLimits,
  };
  const health = {
    isReady: () => ready,
    metrics: options.allMetrics ?? (() => metrics.registry.metrics()),
  };
  const server = createHttpServer({
    routes: [
      graphqlRoute({ maxRequestBytes, handle: refuseAll }),
      ...(adminPort === undefined ? healthRoutes(health) : []),
    ],
    corsOrigins,
    limits,
    logger,
  });

  // First who says whether the other one is ready.
  const admin =
    adminPort === undefined || options.allMetrics !== undefined
      ? undefined
      : await startAdminServer({ ...health, host, adminPort, limits, logger });
  const url = await server.listen({ host, port, portVariable: 'PORT' });
  ready = true;

  return {
    url,
    adminUrl: admin?.url ?? url,
    metrics,
    async stop() {
      ready = false;
      const complete = await server.drain(options.drainTimes ?? IMPATIENT);
      if (!complete) logger.warn('requests in flight were cut off');
      await admin?.stop();
    },
  };
}

/** Stands in for the GraphQL pipeline. */
async function refuseAll(): Promise<never> {
  throw new RequestError(503, 'GraphQL is not served yet.', { code: 'OVERLOADED', retryable: true });
}
