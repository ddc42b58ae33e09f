/** The process: environment → configuration → server → signals. The only file that reads `process.env`. */
import { banner } from './banner.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { startEmulator } from './emulator/start.ts';
import { example } from './example.ts';
import { createProcessLogger } from './observability/logger.ts';
import type { Tracing } from './observability/tracing.ts';
import { start } from './server/start.ts';

/** Idle connections get a last request through; all is over before Docker, for one, kills it after 10 s. */
const DRAIN_TIMES = { idleMs: 500, limitMs: 8000 };

const config = readConfigOrExit();
const { logger, flush } = await createProcessLogger({
  level: config.logLevel,
  pretty: process.stdout.isTTY === true,
});
process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
process.on('uncaughtException', (error) => fail(error));

try {
  const emulator = config.upstreamUrl === undefined ? await startEmulator() : undefined;
  const upstreamUrl = emulator === undefined ? config.upstreamUrl : new URL(emulator.url);
  const exampleToken = emulator === undefined ? undefined : example.token;
  const tracing = upstreamUrl && config.tracing ? await loadTracing(upstreamUrl) : undefined;
  const server = await start(
    { ...config, upstreamUrl },
    { logger, tracing, exampleToken, drainTimes: DRAIN_TIMES },
  );
  stopOnSignal(async () => {
    await server.stop();
    await tracing?.stop();
    await emulator?.stop();
  });
  process.stdout.write(banner(config, server.url));
} catch (error) {
  fail(error);
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

/** OpenTelemetry takes longer to load than all the rest, so only those who want traces load it. */
async function loadTracing(upstreamUrl: URL): Promise<Tracing> {
  const { startTracing } = await import('./observability/open-telemetry.ts');
  return startTracing({ env: process.env, upstreamUrl, logger });
}

/** The first signal stops the server in good order; a second one ends the process at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = async (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping');
    await stop().catch(fail);
    logger.info('stopped');
    flush();
    process.exit(0);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

function fail(error: unknown): never {
  logger.fatal({ err: error }, 'the process ends');
  flush();
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
