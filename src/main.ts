/** The process: environment → configuration → server → signals. The only file that reads `process.env`. */
// First, so that it holds for the others.
import './compile-cache.ts';
import { banner } from './banner.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { type Emulator, startEmulator } from './emulator/start.ts';
import { example } from './example.ts';
import { createProcessLogger } from './observability/logger.ts';
import type { Tracing } from './observability/tracing.ts';
import type { RunningServer, StartOptions } from './server/start.ts';
import { stopOnSignal } from './stop-on-signal.ts';

/** Idle connections get a last request through; all is over before Docker, for one, kills it after 10 s. */
const DRAIN_TIMES = { idleMs: 500, limitMs: 8000 };

/** Tells the workers of this process where it has started the embedded REST API. */
const EMBEDDED_API_URL = 'EMBEDDED_API_URL';

const config = readConfigOrExit();
const { logger, flush } = await createProcessLogger({
  level: config.logLevel,
  pretty: process.stdout.isTTY === true,
  shared: config.workers > 1,
});
process.on('exit', flush);
process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
process.on('uncaughtException', (error) => fail(error));

try {
  if (config.workers === 1) await runAlone();
  else {
    const { default: cluster } = await import('node:cluster');
    await (cluster.isPrimary ? runPrimary() : runWorker());
  }
} catch (error) {
  fail(error);
}

async function runAlone(): Promise<void> {
  const emulator = await startEmulatorIfNeeded();
  ready(await serve(config, emulator?.url), emulator);
}

async function runPrimary(): Promise<void> {
  const { startPrimary } = await import('./cluster/primary.ts');
  const emulator = await startEmulatorIfNeeded();
  const workerEnv = emulator === undefined ? {} : { [EMBEDDED_API_URL]: emulator.url };
  ready(await startPrimary(config, { logger, workerEnv }), emulator);
}

async function runWorker(): Promise<void> {
  const { serveAsWorker } = await import('./cluster/worker.ts');
  const embeddedUrl = process.env[EMBEDDED_API_URL];
  await serveAsWorker(config, { serve: (share, options) => serve(share, embeddedUrl, options), fail });
}

function ready(
  running: { readonly url: string; stop(): Promise<void> },
  emulator: Emulator | undefined,
): void {
  const stop = async () => {
    await running.stop();
    await emulator?.stop();
  };
  stopOnSignal({ logger, stop, fail });
  process.stdout.write(banner(config, running.url));
}

async function startEmulatorIfNeeded(): Promise<Emulator | undefined> {
  return config.upstreamUrl === undefined ? await startEmulator() : undefined;
}

/** The layer in this process, over the embedded REST API at this address if there is one. */
async function serve(
  settings: Config,
  embeddedUrl: string | undefined,
  options: StartOptions = {},
): Promise<RunningServer> {
  // A primary process needs nothing of it.
  const { start } = await import('./server/start.ts');
  const upstreamUrl = embeddedUrl === undefined ? settings.upstreamUrl : new URL(embeddedUrl);
  const exampleToken = embeddedUrl === undefined ? undefined : example.token;
  const tracing = upstreamUrl && settings.tracing ? await loadTracing(upstreamUrl) : undefined;
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
async function loadTracing(upstreamUrl: URL): Promise<Tracing> {
  const { startTracing } = await import('./observability/open-telemetry.ts');
  return startTracing({ env: process.env, upstreamUrl, logger });
}

function readConfigOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function fail(error: unknown): never {
  logger.fatal({ err: error }, 'the process ends');
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
