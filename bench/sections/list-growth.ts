import type { Candidate } from '../candidates.ts';
import { type MeasureOptions, measure } from '../measure.ts';
import type { RestApi } from '../rest-api-process.ts';
import { startServer } from '../server-process.ts';
import { listWork } from '../works.ts';
import type { Section } from './section.ts';

const sizes = [1, 5, 20, 50, 100];
// As many as W2 has in flight: past that, a server may rightly shed load rather than queue.
const usersInFlight = 640;

/** CPU for each user of `communityUsers`, as the list grows: of the floor and of the layer. */
export async function measureListGrowth(
  candidates: readonly Candidate[],
  options: MeasureOptions,
  restApi: RestApi,
): Promise<Section> {
  const columns: number[][] = [];
  for (const candidate of candidates) {
    const server = await startServer(candidate, { upstreamUrl: restApi.url });
    try {
      const costs: number[] = [];
      for (const size of sizes) {
        const connections = Math.min(options.connections, Math.ceil(usersInFlight / size));
        const load = { ...options, connections };
        const { cpuMicrosPerRequest } = await measure(server, restApi, listWork(size), load);
        costs.push(cpuMicrosPerRequest / size);
      }
      columns.push(costs);
      const shown = sizes.map((size, i) => `${size}: ${costs[i]?.toFixed(1)}`).join('   ');
      console.log(`CPU per user of a list  ${candidate.name.padEnd(10)} µs for ${shown}`);
    } finally {
      await server.stop();
    }
  }
  return {
    title: 'Cost per user as a list grows',
    text: 'CPU microseconds per user of `communityUsers(userIds: [...])`, 4 fields each, and the ratio to the floor; fewer connections for longer lists, so that at most 640 users are in flight.',
    header: [
      'users',
      ...candidates.flatMap(({ name }) => (name === 'floor' ? [name] : [name, `${name} / floor`])),
    ],
    rows: sizes.map((size, i) => [
      `${size}`,
      ...columns.flatMap((costs, column) => {
        const cost = (costs[i] ?? Number.NaN).toFixed(1);
        if (candidates[column]?.name === 'floor') return [cost];
        return [cost, ((costs[i] ?? Number.NaN) / (columns[0]?.[i] ?? Number.NaN)).toFixed(2)];
      }),
    ]),
  };
}
