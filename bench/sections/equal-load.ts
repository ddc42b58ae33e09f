import type { Candidate } from '../candidates.ts';
import { measure } from '../measure.ts';
import type { Options } from '../options.ts';
import type { RestApi } from '../rest-api-process.ts';
import { startServer } from '../server-process.ts';
import type { Row } from '../statistics.ts';
import type { Section } from './section.ts';

const shareOfSlowest = 0.5;

/** Latency where every candidate gets the same number of requests a second: half of what the slowest can take. */
export async function measureEqualLoad(
  candidates: readonly Candidate[],
  rows: readonly Row[],
  options: Options,
  restApi: RestApi,
): Promise<Section> {
  const rates = new Map(options.works.map((work) => [work.name, rateFor(work.name, rows)]));
  const table: string[][] = [];
  for (const candidate of candidates) {
    const server = await startServer(candidate, { upstreamUrl: restApi.url });
    try {
      const cells: string[] = [];
      for (const work of options.works) {
        const rate = rates.get(work.name) ?? 100;
        const { p50Ms, p99Ms } = await measure(server, restApi, work, { ...options, rate });
        cells.push(`${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)}`);
      }
      table.push([candidate.name, ...cells]);
      console.log(`p50/p99 at equal load  ${candidate.name.padEnd(10)} ${cells.join('   ')} ms`);
    } finally {
      await server.stop();
    }
  }
  return {
    title: 'Latency at equal load',
    text: 'p50 / p99 in milliseconds, every candidate at the same rate: half of what the slowest of them can take.',
    header: ['candidate', ...[...rates].map(([work, rate]) => `${work} at ${rate}/s`)],
    rows: table,
  };
}

function rateFor(work: string, rows: readonly Row[]): number {
  const slowest = Math.min(...rows.filter((row) => row.work === work).map((row) => row.requestsPerSecond));
  return Math.max(1, Math.floor(slowest * shareOfSlowest));
}
