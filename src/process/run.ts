import { StartError } from '#graphql/start-error.ts';
import type { RunningServer, StartOptions } from '#http/service.ts';
import { createProcessLogger, type Logger } from '#telemetry/logger.ts';
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
  let logger: Logger | undefined;
  // The log alone is told: writing to standard error could block for ever, where nobody reads it.
  const fail = (error: unknown): never => {
    logger?.fatal({ err: error }, 'the process ends');
    exit(1);
  };
  try {
    const config = readConfig(env);
    const log = await createProcessLogger({
      level: config.logLevel,
      pretty: process.stdout.isTTY === true && !config.production,
      shared: config.workers > 1,
    });
    logger = log.logger;
    process.on('exit', log.flush);
    process.on('unhandledRejection', (error) => log.logger.error({ err: error }, 'unhandled rejection'));
    process.on('uncaughtException', fail);
    await serveUntilStopped({ env, config, logger, lostLogLines: log.lostLines, fail });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    if (error instanceof ConfigError || error instanceof StartError) process.exit(1);
    fail(error);
  }
}

/** What all of the process is run with. */
interface ProcessContext {
  readonly env: NodeJS.ProcessEnv;
  readonly config: Config;
  readonly logger: Logger;
  /** Log lines that standard output did not take. */
  readonly lostLogLines: () => number;
  /** Ends the process for an error that nobody foresaw. */
  readonly fail: (error: unknown) => never;
}

/** Serves alone, as one of several workers, or as their primary process; what it does not need is not loaded. */
async function serveUntilStopped(context: ProcessContext): Promise<void> {
  const { env, config, logger } = context;
  const cluster = config.workers === 1 ? undefined : (await import('node:cluster')).default;
  if (cluster?.worker) {
    const { serveAsWorker } = await import('./cluster/worker.ts');
    const serveShare = (share: Config, options: StartOptions) =>
      serve(context, share, env[EMBEDDED_API_URL], options);
    await serveAsWorker(cluster.worker, config, serveShare, context.fail);
    return;
  }
  const mockApi =
    config.upstreamUrl === undefined ? await (await import('#mock-api/start.ts')).startMockApi() : undefined;
  const running =
    cluster === undefined
      ? await serve(context, config, mockApi?.url)
      : await (await import('./cluster/primary.ts')).startPrimary(config, logger, {
          ...(mockApi && { [EMBEDDED_API_URL]: mockApi.url }),
        });
  const stopOnce = stopOnSignal(context, async () => {
    await running.stop();
    await mockApi?.stop();
  });
  if (env.npm_lifecycle_script?.endsWith('src/main.js')) onParentGone(stopOnce);
  if (config.production) {
    // There, standard output holds lines of the log and nothing else.
    logger.info({ url: running.url }, 'listening');
  } else {
    const { banner } = await import('./banner.ts');
    process.stdout.write(banner(config, running.url));
  }
}

/** The service in this process, over the embedded REST API at this address if there is one. */
async function serve(
  { logger, lostLogLines }: ProcessContext,
  settings: Config,
  embeddedUrl: string | undefined,
  options?: StartOptions,
): Promise<RunningServer> {
  const { start } = await import('#http/service.ts');
  const isEmbedded = embeddedUrl !== undefined;
  const upstreamUrl = isEmbedded ? new URL(embeddedUrl) : settings.upstreamUrl;
  const exampleToken = isEmbedded ? (await import('#http/explorers/example.ts')).example.token : undefined;
  // OpenTelemetry takes longer to load than all the rest.
  const tracing =
    upstreamUrl !== undefined && settings.tracing
      ? (await import('#telemetry/open-telemetry.ts')).startTracing(upstreamUrl, logger)
      : undefined;
  const service = await start(
    { ...settings, upstreamUrl },
    { logger, lostLogLines, tracing, exampleToken, drainTimes: DRAIN_TIMES, ...options },
  );
  const stop = async () => {
    await service.stop();
    await tracing?.stop();
  };
  return { ...service, stop };
}

/**
 * The first SIGTERM or SIGINT stops everything in good order, and the process exits with 0; a second one ends it at once.
 * Gives what stops it without a signal, unless it stops already.
 */
export function stopOnSignal(
  { logger, fail }: Pick<ProcessContext, 'logger' | 'fail'>,
  stop: () => Promise<void>,
  limitMs = STOP_LIMIT_MS,
): () => void {
  let stopping = false;
  const stopOnce = async (signal?: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => fail(new Error('Stopping took too long.')), limitMs);
    await stop().catch(fail);
    logger.info('stopped');
    exit(0);
  };
  const onSignal = (signal: NodeJS.Signals) => (stopping ? exit(1) : stopOnce(signal));
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return () => void stopOnce();
}

/** npm starts us by way of a shell. A signal to npm ends it; not every shell passes it on, and we would be left behind. */
function onParentGone(stop: () => void): void {
  const timer = setInterval(() => {
    if (process.ppid === PARENT_PID) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_MS).unref();
}

const PARENT_PID = process.ppid;
const PARENT_CHECK_MS = 500;
