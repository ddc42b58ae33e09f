import { pino } from 'pino';
import { readTrustedDocuments, type TrustedDocuments } from '#graphql/documents/trusted-documents.ts';
import type { Entity } from '#graphql/entities/define-entity.ts';
import { entities } from '#graphql/entities/index.ts';
import type { QueryLimits } from '#graphql/limits/limits.ts';
import { startApolloServer } from '#graphql/operations/apollo.ts';
import { Operations } from '#graphql/operations/operations.ts';
import type { RequestTools } from '#graphql/pipeline/request.ts';
import { createSchema, readSdl } from '#graphql/schema.ts';
import type { Logger } from '#telemetry/logger.ts';
import { Metrics } from '#telemetry/metrics.ts';
import { Telemetry } from '#telemetry/telemetry.ts';
import type { Tracing } from '#telemetry/tracing.ts';
import { UpstreamClient, type UpstreamOptions } from '#upstream/client.ts';
import { healthRoutes, startAdminServer } from './admin.ts';
import { type ConnectionLimits, DEFAULT_CONNECTION_LIMITS } from './connections.ts';
import { explorerRoutes } from './explorers/explorers.ts';
import { graphqlRoute } from './graphql-route.ts';
import type { DrainTimes } from './listener.ts';
import { HttpServer } from './server.ts';

/** How the service runs. The settings come from environment variables, which README.md explains. */
export interface ServiceSettings {
  readonly port: number;
  readonly host: string;
  readonly adminPort: number | undefined;
  readonly production: boolean;
  /** The REST API; undefined stands for the embedded one, which is to be put in its place. */
  readonly upstreamUrl: URL | undefined;
  readonly upstream: Omit<UpstreamOptions, 'url'>;
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  readonly limits: QueryLimits;
  readonly maxUsersPerOperation: number;
  readonly introspection: boolean;
  readonly upstreamReport: boolean;
  readonly federatedTracing: boolean;
  readonly corsOrigins: readonly (string | RegExp)[];
  /** Path of the manifest of trusted documents. */
  readonly persistedDocuments: string | undefined;
  readonly persistedDocumentsMode: 'allow' | 'log' | 'require';
}

export interface StartOptions {
  /** How long stopping may take; next to no time by default. */
  readonly drainTimes?: DrainTimes;
  readonly logger?: Logger;
  /** Where operations are traced; whoever started it stops it. */
  readonly tracing?: Tracing | undefined;
  /** Log lines that standard output did not take, for the metrics. */
  readonly lostLogLines?: (() => number) | undefined;
  readonly connectionLimits?: Partial<ConnectionLimits> | undefined;
  /** A token to fill in for those who explore; outside production. */
  readonly exampleToken?: string | undefined;
  /** What is served in place of `schema/` and its entities. */
  readonly schema?: { readonly sdl: string; readonly entities: readonly Entity[] } | undefined;
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

/**
 * Starts the whole service: GraphQL over HTTP, health and metrics.
 * @throws StartError where entities do not fit the schema, the trusted documents can't be read or executed, or a port cannot
 * be listened on
 */
export async function start(settings: ServiceSettings, options: StartOptions = {}): Promise<RunningServer> {
  const logger = options.logger ?? pino({ level: 'silent' });
  const { host, port, adminPort, corsOrigins, upstreamUrl, production } = settings;
  if (upstreamUrl === undefined) throw new TypeError('Which REST API to serve must be said.');
  let ready = false;
  let adminUrl: string | undefined;

  const metrics: Metrics = new Metrics({
    upstream: () => upstream.status,
    lostLogLines: options.lostLogLines,
  });
  const upstream = new UpstreamClient({ ...settings.upstream, url: upstreamUrl }, metrics);
  const telemetry = new Telemetry({
    logger,
    metrics,
    tracing: options.tracing,
    reportAllowed: settings.upstreamReport,
  });
  const tools = await createRequestTools(settings, options, logger, upstream);

  const limits = {
    // Clients that wait for the REST API, be it for one user after the other, are not idle.
    idleTimeoutMs: Math.max(DEFAULT_CONNECTION_LIMITS.idleTimeoutMs, 10 * settings.upstream.timeoutMs),
    ...options.connectionLimits,
  };
  const health = {
    isReady: () => ready,
    metrics: options.allMetrics ?? (() => metrics.text()),
  };
  const server = new HttpServer({
    routes: [
      graphqlRoute({ tools, telemetry, maxRequestBytes: settings.maxRequestBytes, sandbox: !production }),
      ...(adminPort === undefined ? healthRoutes(health) : []),
      ...(production
        ? []
        : explorerRoutes({ token: options.exampleToken, upstreamUrl, adminUrl: () => adminUrl })),
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
  adminUrl = admin?.url;
  const url = await server.listen({ host, port, portVariable: 'PORT' });
  ready = true;

  return {
    url,
    adminUrl: admin?.url ?? url,
    metrics,
    async stop() {
      ready = false;
      const complete = await server.drain(options.drainTimes);
      if (!complete) logger.warn('requests in flight were cut off');
      await admin?.stop();
      await tools.apollo.stop();
      await upstream.close();
    },
  };
}

/** What GraphQL requests are answered with: schema, Apollo Server (started), operations and trusted documents. */
async function createRequestTools(
  settings: ServiceSettings,
  { exampleToken, schema = { sdl: readSdl(), entities } }: StartOptions,
  logger: Logger,
  upstream: UpstreamClient,
): Promise<RequestTools> {
  const { production, introspection, federatedTracing, limits } = settings;
  const context = createSchema(schema.sdl, schema.entities);
  const explorers = production ? undefined : await import('./explorers/sandbox.ts');
  const apollo = await startApolloServer({
    schema: context.schema,
    limits,
    introspection,
    hideSuggestions: production,
    logger,
    federatedTracing,
    landingPage: explorers?.sandboxPlugin(exampleToken),
  });
  const operations = new Operations(context, limits, apollo);
  return {
    operations,
    apollo,
    upstream,
    documents: await trustedDocuments(settings, operations, exampleToken),
    maxItems: settings.maxUsersPerOperation,
    maxResponseBytes: settings.maxResponseBytes,
    federatedTracing,
    hideSuggestions: production,
  };
}

async function trustedDocuments(
  { persistedDocuments: path, persistedDocumentsMode: mode, production }: ServiceSettings,
  operations: Operations,
  exampleToken: string | undefined,
): Promise<TrustedDocuments | undefined> {
  if (path === undefined) return undefined;
  const explorers = production ? undefined : await import('./explorers/example.ts');
  const examples = explorers && [explorers.example, ...explorers.explorerTabs(exampleToken)];
  return await readTrustedDocuments(path, mode, operations, examples);
}
