import { EntityError } from '#graphql/entities/entity-error.ts';
import { StartError } from '#http/listener.ts';
import type { RunningServer, StartOptions } from '#http/service.ts';
import type { MockApi } from '#mock-api/start.ts';
import { createProcessLogger, type Logger } from '#telemetry/logger.ts';
import type { Tracing } from '#telemetry/tracing.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { exit } from './exit.ts';

/** Idle connections get a last request through; all is over before Docker, for one, kills it after 10 s. */
const DRAIN_TIMES = { idleMs: 500, limitMs: 8000 };

/** Docker, for one, kills a process 10 s after SIGTERM: what hangs is not waited for any longer than that. */
const STOP_LIMIT_MS = 9500;

/** Tells the workers of this process where it has started the embedded REST API. */
const EMBEDDED_API_URL = 'EMBEDDED_API_URL';

/** Runs the process: environment → configuration → service → signals. */
export async function run(env: NodeJS.ProcessEnv): Promise<void> {
  // Where nobody reads what the process writes, or the disk is full, it serves on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const config = readConfigOrExit(env);
  const { logger, flush, lostLines } = await createProcessLogger({
    level: config.logLevel,
    pretty: process.stdout.isTTY === true && !config.production,
    shared: config.workers > 1,
  });
  process.on('exit', flush);
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
  // The log alone is told: writing to standard error could block for ever, where nobody reads it.
  const fail = (error: unknown): never => {
    logger.fatal({ err: error }, 'the process ends');
    exit(1);
  };
  process.on('uncaughtException', fail);

  const context = { env, config, logger, lostLines, fail };
  try {
    if (config.workers === 1) await runAlone(context);
    else {
      const { default: cluster } = await import('node:cluster');
      await (cluster.isPrimary ? runPrimary(context) : runWorker(context));
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    if (error instanceof StartError || error instanceof EntityError) process.exit(1);
    fail(error);
  }
}

/** What all of the process is run with. */
interface ProcessContext {
  readonly env: NodeJS.ProcessEnv;
  readonly config: Config;
  readonly logger: Logger;
  /** Log lines that standard output did not take. */
  readonly lostLines: () => number;
  /** Ends the process for an error that nobody foresaw. */
  readonly fail: (error: unknown) => never;
}

async function runAlone(context: ProcessContext): Promise<void> {
  const mockApi = await startMockApiIfNeeded(context);
  await ready(context, await serve(context, context.config, mockApi?.url), mockApi);
}

async function runPrimary(context: ProcessContext): Promise<void> {
  const { config, logger } = context;
  const { startPrimary } = await import('./cluster/primary.ts');
  const mockApi = await startMockApiIfNeeded(context);
  const workerEnv = mockApi === undefined ? {} : { [EMBEDDED_API_URL]: mockApi.url };
  await ready(context, await startPrimary(config, { logger, workerEnv }), mockApi);
}

async function runWorker(context: ProcessContext): Promise<void> {
  const { serveAsWorker } = await import('./cluster/worker.ts');
  const embeddedUrl = context.env[EMBEDDED_API_URL];
  await serveAsWorker(context.config, {
    serve: (share, options) => serve(context, share, embeddedUrl, options),
    fail: context.fail,
  });
}

async function ready(
  { env, config, logger, fail }: ProcessContext,
  running: { readonly url: string; stop(): Promise<void> },
  mockApi: MockApi | undefined,
): Promise<void> {
  const stop = async () => {
    await running.stop();
    await mockApi?.stop();
  };
  stopOnSignal({ logger, stop, fail });
  if (env.npm_lifecycle_script?.endsWith('src/main.js')) stopWithoutParent();
  if (config.production) {
    // There, standard output holds lines of the log and nothing else.
    logger.info({ url: running.url }, 'listening');
  } else {
    const { banner } = await import('./banner.ts');
    process.stdout.write(banner(config, running.url));
  }
}

async function startMockApiIfNeeded({ config }: ProcessContext): Promise<MockApi | undefined> {
  if (config.upstreamUrl !== undefined) return undefined;
  const { startMockApi } = await import('#mock-api/start.ts');
  return startMockApi();
}

/** The service in this process, over the embedded REST API at this address if there is one. */
async function serve(
  { logger, lostLines }: ProcessContext,
  settings: Config,
  embeddedUrl: string | undefined,
  options: StartOptions = {},
): Promise<RunningServer> {
  // A primary process needs nothing of it.
  const { start } = await import('#http/service.ts');
  const upstreamUrl = embeddedUrl === undefined ? settings.upstreamUrl : new URL(embeddedUrl);
  let exampleToken: string | undefined;
  if (embeddedUrl !== undefined) exampleToken = (await import('#http/explorers/example.ts')).example.token;
  let tracing: Tracing | undefined;
  if (upstreamUrl !== undefined && settings.tracing) {
    // OpenTelemetry takes longer to load than all the rest.
    const { startTracing } = await import('#telemetry/open-telemetry.ts');
    tracing = startTracing({ upstreamUrl, logger });
  }
  const service = await start(
    { ...settings, upstreamUrl },
    { logger, lostLogLines: lostLines, tracing, exampleToken, drainTimes: DRAIN_TIMES, ...options },
  );
  const stop = async () => {
    await service.stop();
    await tracing?.stop();
  };
  return { ...service, stop };
}

export interface StopOptions {
  readonly logger: Logger;
  readonly stop: () => Promise<void>;
  /** Ends the process for an error. */
  readonly fail: (error: unknown) => never;
  /** How long stopping may take. */
  readonly limitMs?: number;
}

/** The first SIGTERM or SIGINT stops everything in good order, and the process exits with 0; a second one ends it at once. */
export function stopOnSignal({ logger, stop, fail, limitMs = STOP_LIMIT_MS }: StopOptions): void {
  let stopping = false;
  const onSignal = async (signal: NodeJS.Signals) => {
    if (stopping) exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => fail(new Error('Stopping took too long.')), limitMs);
    await stop().catch(fail);
    logger.info('stopped');
    exit(0);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

const PARENT_PID = process.ppid;
const PARENT_CHECK_MS = 500;

/** npm starts us by way of a shell. A signal to npm ends it; not every shell passes it on, and we would be left behind. */
function stopWithoutParent(): void {
  const timer = setInterval(() => {
    if (process.ppid === PARENT_PID) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS).unref();
}

function readConfigOrExit(env: NodeJS.ProcessEnv): Config {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
