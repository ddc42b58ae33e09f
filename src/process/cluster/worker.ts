import cluster from 'node:cluster';
import type { RunningServer, StartOptions } from '#http/service.ts';
import type { Config } from '../config.ts';
import { exit } from '../exit.ts';
import { type FromPrimary, type FromWorker, Question } from './messages.ts';

export interface WorkerOptions {
  /** Starts the layer in this process. */
  readonly serve: (config: Config, options: Pick<StartOptions, 'allMetrics'>) => Promise<RunningServer>;
  /** Ends the process for an error. */
  readonly fail: (error: unknown) => never;
}

/** Longer than the primary process waits for a worker. */
const METRICS_LIMIT_MS = 5000;

/**
 * Serves as one of the `config.workers` processes of a cluster until SIGTERM ends it, as a rule from the primary process:
 * then the requests in flight are finished and the process exits. A failure to start is the primary's to tell.
 */
export async function serveAsWorker(config: Config, { serve, fail }: WorkerOptions): Promise<void> {
  const { worker: self } = cluster;
  if (self === undefined) throw new TypeError('This process is not a worker.');
  const tell = (message: FromWorker) => self.send(message);
  const allMetrics = new Question<string>(() => tell({ kind: 'all metrics?' }));
  const starting = serve(shareOf(config), { allMetrics: () => answerOf(allMetrics) });

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await starting.then((service) => service.stop()).catch(fail);
    exit(0);
  };
  self.on('message', async (message: FromPrimary) => {
    switch (message.kind) {
      case 'own metrics?':
        return tell({ kind: 'own metrics', metrics: await (await starting).metrics.all() });
      case 'all metrics':
        return allMetrics.answer(message.text);
    }
  });
  process.on('SIGTERM', stop);
  // A terminal sends it to all processes at once. What follows from it is for the primary process to say.
  process.on('SIGINT', () => {});

  try {
    const { url } = await starting;
    tell({ kind: 'listening', url });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    self.send({ kind: 'failed', reason } satisfies FromWorker, () => process.exit(1));
  }
}

/** What is one worker's of what all of them may have together. */
function shareOf(config: Config): Config {
  const connections = Math.max(1, Math.floor(config.upstream.connections / config.workers));
  return { ...config, upstream: { ...config.upstream, connections } };
}

async function answerOf(allMetrics: Question<string>): Promise<string> {
  const text = await allMetrics.ask(METRICS_LIMIT_MS);
  if (text === undefined) throw new Error('The primary process did not tell the metrics.');
  return text;
}
