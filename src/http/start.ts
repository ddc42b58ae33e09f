import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { pino } from 'pino';
import { createGraphQLServer } from '#graphql/apollo.ts';
import type { QueryLimits } from '#graphql/limits/limits.ts';
import { createSchema } from '#graphql/schema.ts';
import { readTrustedDocuments } from '#graphql/trusted-documents.ts';
import type { Config } from '#process/config.ts';
import type { Logger } from '#telemetry/logger.ts';
import { Metrics } from '#telemetry/metrics.ts';
import type { Tracing } from '#telemetry/tracing.ts';
import { UpstreamClient } from '#upstream/client.ts';
import { startAdminServer } from './admin-server.ts';
import { type ConnectionLimits, DEFAULT_CONNECTION_LIMITS } from './connection-limits.ts';
import { type DrainTimes, drain } from './drain.ts';
import { addExplorers } from './explorers.ts';
import { graphqlRoute } from './graphql-route.ts';
import { addHealthRoutes } from './health.ts';
import { createHttpServer } from './http-server.ts';
import { sandboxPage } from './landing-page.ts';
import { listen } from './listen.ts';
import { PersistedDocuments } from './persisted-documents.ts';
import { traceRequests } from './trace-requests.ts';

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

export interface StartOptions {
  /** How long stopping may take; next to no time by default. */
  readonly drainTimes?: DrainTimes;
  readonly logger?: Logger;
  /** Where operations are traced; whoever started it stops it. */
  readonly tracing?: Tracing | undefined;
  readonly connectionLimits?: Partial<ConnectionLimits> | undefined;
  /** A token to fill in for those who explore; outside production. */
  readonly exampleToken?: string | undefined;
  /** Where this is one of several processes: the metrics of all. Whoever gives them serves `config.adminPort` too. */
  readonly allMetrics?: (() => Promise<string>) | undefined;
}

/** For clients that are known to be done. */
const IMPATIENT: DrainTimes = { idleMs: 0, limitMs: 1000 };

/**
 * Starts the whole layer: GraphQL over HTTP, health and metrics.
 * @throws ManifestError where the trusted documents can't be read or executed
 * @throws Error where a port cannot be listened on
 */
export async function start(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const { upstreamUrl } = config;
  if (upstreamUrl === undefined)
    throw new TypeError('Which REST API to serve must be said: upstreamUrl is undefined');
  const logger = options.logger ?? pino({ level: 'silent' });
  const limits = {
    maxTokens: config.maxQueryTokens,
    maxDepth: config.maxQueryDepth,
    maxAliases: config.maxQueryAliases,
  };
  const documents = await persistedDocuments(config, limits);
  let ready = false;

  const metrics = new Metrics(() => upstream.status);
  const upstream = new UpstreamClient(
    {
      url: upstreamUrl,
      timeoutMs: config.upstreamTimeoutMs,
      maxAttempts: config.upstreamAttempts,
      connections: config.upstreamConnections,
      maxBodyBytes: config.upstreamMaxBodyBytes,
    },
    metrics,
  );
  const { apollo, operations } = createGraphQLServer({
    limits,
    introspection: config.introspection,
    hideSuggestions: config.production,
    logger,
    landingPage: config.production
      ? ApolloServerPluginLandingPageDisabled()
      : sandboxPage(options.exampleToken),
  });
  await apollo.start();

  const http = {
    maxRequestBytes: config.maxRequestBytes,
    corsOrigins: config.corsOrigins,
    logger,
    connectionLimits: {
      // Clients that wait for the REST API, be it for one user after the other, are not idle.
      idleTimeoutMs: Math.max(DEFAULT_CONNECTION_LIMITS.idleTimeoutMs, 10 * config.upstreamTimeoutMs),
      ...options.connectionLimits,
    },
  };
  const server = await createHttpServer(http);
  const ownMetrics = () => metrics.registry.metrics();
  const health = { isReady: () => ready, metrics: options.allMetrics ?? ownMetrics };
  if (config.adminPort === undefined) addHealthRoutes(server, health);
  if (!config.production) addExplorers(server, options.exampleToken);
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    ...(options.tracing && { onRequest: traceRequests(options.tracing) }),
    handler: graphqlRoute({
      apollo,
      operations,
      upstream,
      metrics,
      logger,
      maxUsers: config.maxUsersPerOperation,
      upstreamReport: config.upstreamReport,
      isReady: () => ready,
      persistedDocuments: documents,
    }),
  });

  // First who says whether the other one is ready.
  const admin = options.allMetrics ? undefined : await startAdminServer(config, health, http);
  const url = await listen(server, config.host, config.port);
  ready = true;

  return {
    url,
    adminUrl: admin?.url ?? url,
    metrics,
    async stop() {
      ready = false;
      const complete = await drain(server, options.drainTimes ?? IMPATIENT);
      if (!complete) logger.warn('requests in flight were cut off');
      await admin?.stop();
      await apollo.stop();
      await upstream.close();
    },
  };
}

/** What decides on documents, where the configuration names a manifest of trusted ones. */
async function persistedDocuments(
  { persistedDocuments: path, persistedDocumentsMode, introspection }: Config,
  limits: QueryLimits,
): Promise<PersistedDocuments | undefined> {
  if (path === undefined) return undefined;
  const documents = await readTrustedDocuments(path, { schema: createSchema(), limits, introspection });
  return new PersistedDocuments(documents, persistedDocumentsMode);
}
