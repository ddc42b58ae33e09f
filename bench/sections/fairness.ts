import type { Candidate } from '../candidates.ts';
import { runLoad } from '../load.ts';
import type { Options } from '../options.ts';
import { type RestApi, startRestApi } from '../rest-api-process.ts';
import { type RunningServer, startServer } from '../server-process.ts';
import { listWork } from '../works.ts';
import type { Section } from './section.ts';

const getMs = 50;
const listSize = 100;
/** So many callers loop lists beside the quiet one. */
const crowds = [0, 5, 30];
const maxRequests = Number.MAX_SAFE_INTEGER;

/** What a caller with one user at a time waits beside callers that loop lists, over a REST API that takes 50 ms a GET. */
export async function measureFairness(candidate: Candidate, options: Options): Promise<Section> {
  const restApi = await startRestApi({ delayMs: getMs });
  const rows: string[][] = [];
  let aloneMs = Number.NaN;
  try {
    for (const flooding of crowds) {
      // A server of its own for each: its connections are as warm, and its counts as empty.
      const server = await startServer(candidate, { upstreamUrl: restApi.url });
      try {
        const { p50Ms, p99Ms, getsPerSecond } = await measureBeside(flooding, server, restApi, options);
        if (flooding === 0) aloneMs = p50Ms;
        const ratio = (p50Ms / aloneMs).toFixed(2);
        rows.push([`${flooding}`, p50Ms.toFixed(1), p99Ms.toFixed(1), ratio, getsPerSecond.toFixed(0)]);
        console.log(`beside ${flooding} callers: p50 ${p50Ms.toFixed(1)} ms, ${ratio} times that alone`);
      } finally {
        await server.stop();
      }
    }
  } finally {
    restApi.stop();
  }
  return {
    title: 'One user beside callers that loop lists',
    text: `The REST API takes ${getMs} ms a GET; lists are of ${listSize} users, one caller a connection. An answer with an error, or 503, ends the run.`,
    header: ['callers with lists', 'p50 ms', 'p99 ms', 'ratio to alone', 'GETs/s of all'],
    rows,
  };
}

async function measureBeside(
  flooding: number,
  server: RunningServer,
  restApi: RestApi,
  { warmUpSeconds, seconds: timedSeconds }: Options,
) {
  const { port } = server;
  const seconds = Math.max(5, timedSeconds);
  const flood =
    flooding > 0 &&
    runLoad({
      ...{ port, work: listWork(listSize), connections: flooding, maxRequests },
      seconds: warmUpSeconds + seconds,
    });
  const quiet = { port, work: listWork(1), connections: 1, tokenPrefix: 'quiet-token', maxRequests };
  const measureQuiet = async () => {
    await runLoad({ ...quiet, seconds: warmUpSeconds });
    await restApi.takeCounts();
    const result = await runLoad({ ...quiet, seconds });
    const { gets } = await restApi.takeCounts();
    return { ...result, getsPerSecond: gets / result.seconds };
  };
  const [measured] = await Promise.all([measureQuiet(), flood]);
  return measured;
}
