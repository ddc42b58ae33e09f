import { example } from '#http/explorers/example.ts';
import type { RunningServer, StartOptions } from '#http/start.ts';
import type { MockApi } from '#mock-api/start.ts';
import { createProcessLogger, type Logger } from '#telemetry/logger.ts';
import type { TracingOptions } from '#telemetry/open-telemetry.ts';
import type { Tracing } from '#telemetry/tracing.ts';
import { banner } from './banner.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { stopOnSignal } from './signals.ts';

/** Idle connections get a last request through; all is over before Docker, for one, kills it after 10 s. */
const DRAIN_TIMES = { idleMs: 500, limitMs: 8000 };

/** Tells the workers of this process where it has started the embedded REST API. */
const EMBEDDED_API_URL = 'EMBEDDED_API_URL';

type Environment = NodeJS.ProcessEnv;

/** Runs the process: environment → configuration → server → signals. */
export async function run(env: Environment): Promise<void> {
  const config = readConfigOrExit(env);
  const { logger, flush } = await createProcessLogger({
    level: config.logLevel,
    pretty: process.stdout.isTTY === true,
    shared: config.workers > 1,
  });
  process.on('exit', flush);
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
  const fail = failing(logger);
  process.on('uncaughtException', (error) => fail(error));

  const service = { env, config, logger, fail };
  try {
    if (config.workers === 1) await runAlone(service);
    else {
      const { default: cluster } = await import('node:cluster');
      await (cluster.isPrimary ? runPrimary(service) : runWorker(service));
    }
  } catch (error) {
    fail(error);
  }
}

/** What all of the process is run with. */
interface Service {
  readonly env: Environment;
  readonly config: Config;
  readonly logger: Logger;
  /** Ends the process for this reason. */
  readonly fail: (error: unknown) => never;
}

async function runAlone(service: Service): Promise<void> {
  const mockApi = await startMockApiIfNeeded(service);
  ready(service, await serve(service, service.config, mockApi?.url), mockApi);
}

async function runPrimary(service: Service): Promise<void> {
  const { config, logger } = service;
  const { startPrimary } = await import('./cluster/primary.ts');
  const mockApi = await startMockApiIfNeeded(service);
  const workerEnv = mockApi === undefined ? {} : { [EMBEDDED_API_URL]: mockApi.url };
  ready(service, await startPrimary(config, { logger, workerEnv }), mockApi);
}

async function runWorker(service: Service): Promise<void> {
  const { serveAsWorker } = await import('./cluster/worker.ts');
  const embeddedUrl = service.env[EMBEDDED_API_URL];
  await serveAsWorker(service.config, {
    serve: (share, options) => serve(service, share, embeddedUrl, options),
    fail: service.fail,
  });
}

function ready(
  { config, logger, fail }: Service,
  running: { readonly url: string; stop(): Promise<void> },
  mockApi: MockApi | undefined,
): void {
  const stop = async () => {
    await running.stop();
    await mockApi?.stop();
  };
  stopOnSignal({ logger, stop, fail });
  process.stdout.write(banner(config, running.url));
}

async function startMockApiIfNeeded({ config }: Service): Promise<MockApi | undefined> {
  if (config.upstreamUrl !== undefined) return undefined;
  const { startMockApi } = await import('#mock-api/start.ts');
  return startMockApi();
}

/** The layer in this process, over the embedded REST API at this address if there is one. */
async function serve(
  { env, logger }: Service,
  settings: Config,
  embeddedUrl: string | undefined,
  options: StartOptions = {},
): Promise<RunningServer> {
  // A primary process needs nothing of it.
  const { start } = await import('#http/start.ts');
  const upstreamUrl = embeddedUrl === undefined ? settings.upstreamUrl : new URL(embeddedUrl);
  const exampleToken = embeddedUrl === undefined ? undefined : example.token;
  const tracing =
    upstreamUrl && settings.tracing ? await loadTracing({ env, upstreamUrl, logger }) : undefined;
  const server = await start(
    { ...settings, upstreamUrl },
    { logger, tracing, exampleToken, drainTimes: DRAIN_TIMES, ...options },
  );
  const stop = async () => {
    await server.stop();
    await tracing?.stop();
  };
  return { ...server, stop };
}

/** OpenTelemetry takes longer to load than all the rest, so only those who want traces load it. */
async function loadTracing(options: TracingOptions): Promise<Tracing> {
  const { startTracing } = await import('#telemetry/open-telemetry.ts');
  return startTracing(options);
}

function readConfigOrExit(env: Environment): Config {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function failing(logger: Logger): Service['fail'] {
  return (error) => {
    logger.fatal({ err: error }, 'the process ends');
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  };
}
