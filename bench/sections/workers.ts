import type { Candidate } from '../candidates.ts';
import { measure } from '../measure.ts';
import type { Options } from '../options.ts';
import type { RestApi } from '../rest-api-process.ts';
import { startServer } from '../server-process.ts';
import type { Section } from './section.ts';

/** Throughput with one and with two processes, all cores shared with the load and the REST API. */
export async function measureWorkers(
  candidate: Candidate,
  options: Options,
  restApi: RestApi,
): Promise<Section> {
  const rows: string[][] = [];
  for (const workers of ['1', '2']) {
    const env = { WORKERS: workers };
    const server = await startServer(candidate, { upstreamUrl: restApi.url, env, spread: true });
    try {
      for (const work of options.works) {
        const result = await measure(server, restApi, work, options);
        const mebibytes = (result.residentBytes / 2 ** 20).toFixed(0);
        const cpu = result.cpuMicrosPerRequest.toFixed(0);
        rows.push([
          workers,
          `${server.processCount()}`,
          work.name,
          result.requestsPerSecond.toFixed(0),
          cpu,
          mebibytes,
        ]);
        console.log(`WORKERS=${workers}  ${work.name}  ${result.requestsPerSecond.toFixed(0)} requests/s`);
      }
    } finally {
      await server.stop();
    }
  }
  return {
    title: 'WORKERS on two cores',
    text: 'Nothing is pinned to a core here: the load and the REST API take their share of the same two.',
    header: [
      'WORKERS',
      'processes',
      'work',
      'requests/s',
      'CPU µs per request',
      'MiB resident, all processes',
    ],
    rows,
  };
}
