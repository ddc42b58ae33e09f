import type { Candidate } from '../candidates.ts';
import { runLoad } from '../load.ts';
import type { Options } from '../options.ts';
import type { RestApi } from '../rest-api-process.ts';
import { startServer } from '../server-process.ts';
import { works } from '../works.ts';
import type { Section } from './section.ts';

const steps = 10;

/** Resident memory over many requests of W1, in ten steps. */
export async function measureSoak(
  candidate: Candidate,
  options: Options,
  restApi: RestApi,
): Promise<Section> {
  const [work] = works;
  if (!work) throw new Error('there is no work');
  const rows: string[][] = [];
  const server = await startServer(candidate, { upstreamUrl: restApi.url });
  try {
    for (let step = 1; step <= steps; step++) {
      const maxRequests = Math.ceil(options.soak / steps);
      await runLoad({ port: server.port, work, connections: options.connections, seconds: 120, maxRequests });
      const mebibytes = (server.residentBytes() / 2 ** 20).toFixed(0);
      rows.push([`${step * maxRequests}`, mebibytes]);
      console.log(`after ${step * maxRequests} requests: ${mebibytes} MiB`);
    }
  } finally {
    await server.stop();
  }
  return {
    title: 'Memory over many requests',
    text: 'Resident memory of the layer, W1.',
    header: ['requests', 'MiB'],
    rows,
  };
}
