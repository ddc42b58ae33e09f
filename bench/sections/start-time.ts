import type { Candidate } from '../candidates.ts';
import type { RestApi } from '../rest-api-process.ts';
import { startServer } from '../server-process.ts';
import { median } from '../statistics.ts';
import type { Section } from './section.ts';

const starts = 5;

/** From the start of the process to its first answer to a query, the median of five starts. */
export async function measureStartTime(candidates: readonly Candidate[], restApi: RestApi): Promise<Section> {
  const rows: string[][] = [];
  for (const candidate of candidates) {
    const times: number[] = [];
    for (let i = 0; i < starts; i++) {
      const server = await startServer(candidate, { upstreamUrl: restApi.url });
      times.push(server.firstAnswerMs);
      await server.stop();
    }
    rows.push([candidate.name, median(times).toFixed(0)]);
    console.log(`start to first answer  ${candidate.name.padEnd(10)} ${median(times).toFixed(0)} ms`);
  }
  return {
    title: 'Start to first answer',
    text: `From the start of the process to its first answer to a query, in milliseconds; median of ${starts} starts.`,
    header: ['candidate', 'ms'],
    rows,
  };
}
