import type { Worker } from 'node:cluster';
import type { RunningServer, StartOptions } from '#http/service.ts';
import type { Config } from '../config.ts';
import { exit } from '../exit.ts';
import { Peer, singleFlight } from './peer.ts';

/** Longer than the primary process waits for a worker. */
const METRICS_LIMIT_MS = 5000;

/**
 * Serves as one of the `config.workers` processes of a cluster until SIGTERM ends it, as a rule from the primary process:
 * then the requests in flight are finished and the process exits. `serve` starts the layer in this process, and `fail`
 * ends it for an error.
 * @throws Error where it cannot start
 */
export async function serveAsWorker(
  self: Worker,
  config: Config,
  serve: (config: Config, options: Pick<StartOptions, 'allMetrics'>) => Promise<RunningServer>,
  fail: (error: unknown) => never,
): Promise<void> {
  const primary = new Peer(self);
  const allMetrics = singleFlight(async () => {
    const text = await primary.ask('all metrics', METRICS_LIMIT_MS);
    if (text === undefined) throw new Error('The primary process did not tell the metrics.');
    return text;
  });
  const starting = serve(shareOf(config), { allMetrics });
  const toldToStop = Promise.withResolvers<void>();
  toldToStop.promise.then(async () => (await starting).stop()).then(() => exit(0), fail);
  process.on('SIGTERM', toldToStop.resolve);
  // A terminal sends it to all processes at once. What follows from it is for the primary process to say.
  process.on('SIGINT', () => {});

  const { url, metrics } = await starting;
  primary.on('own metrics?', async () => primary.tell('own metrics', await metrics.all()));
  primary.tell('listening', url);
}

/** What is one worker's of what all of them may have together. */
function shareOf(config: Config): Config {
  const connections = Math.max(1, Math.floor(config.upstream.connections / config.workers));
  return { ...config, upstream: { ...config.upstream, connections } };
}
