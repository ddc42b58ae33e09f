import type { Candidate } from '../candidates.ts';
import { type MeasureOptions, measure } from '../measure.ts';
import { sendInTurn } from '../request-series.ts';
import type { RestApi } from '../rest-api-process.ts';
import { startServer } from '../server-process.ts';
import { bodyOf, documentWork, fieldWorks, listWork, type Work } from '../works.ts';
import { type Curve, growthSection } from './growth-section.ts';
import type { Section } from './section.ts';

const listSizes = [1, 10, 100, 500];
// As many as W2 has in flight: past that, a server may rightly shed load rather than queue.
const usersInFlight = 640;
/** More than are kept, so that each new one takes the place of another. */
const documentsToFill = 1500;
const documentCounts = [500, 1000, 2000, 4000];

/** How the cost of a request grows with its users and its fields, and that of a process with the documents that it sees. */
export async function measureGrowth(
  candidates: readonly Candidate[],
  options: MeasureOptions,
  restApi: RestApi,
): Promise<Section[]> {
  const inFlight = (size: number) => Math.min(options.connections, Math.ceil(usersInFlight / size));
  const layers = candidates.filter(({ name }) => name !== 'floor');
  return [
    growthSection({
      title: 'Growth with the users of a list',
      text: 'CPU per user of `communityUsers(userIds: [...])`, 4 fields each; fewer connections for longer lists, so that at most 640 users are in flight.',
      unit: 'user',
      file: 'growth-users.svg',
      curves: await each(candidates, (candidate) =>
        curve(
          candidate,
          listSizes,
          (size) => [listWork(size), { ...options, connections: inFlight(size) }],
          restApi,
        ),
      ),
    }),
    growthSection({
      title: 'Growth with the fields of a user',
      text: 'CPU per field of one user, of W1 with one field to all ten.',
      unit: 'field',
      file: 'growth-fields.svg',
      curves: await each(candidates, (candidate) =>
        curve(
          candidate,
          fieldWorks.map((_, i) => i + 1),
          (count) => [fieldWorks[count - 1] ?? listWork(1), options],
          restApi,
        ),
      ),
    }),
    growthSection({
      title: 'Growth with distinct documents',
      text: `CPU per document of W1's size that never comes again, all steps of a request included; the cache was filled with ${documentsToFill} others before.`,
      unit: 'document',
      file: 'growth-documents.svg',
      curves: await each(layers, (candidate) => documentCurve(candidate, restApi)),
    }),
  ];
}

async function each(
  candidates: readonly Candidate[],
  measureCurve: (candidate: Candidate) => Promise<Curve>,
): Promise<Curve[]> {
  const curves: Curve[] = [];
  for (const candidate of candidates) {
    const found = await measureCurve(candidate);
    curves.push(found);
    const shown = found.points.map(([x, micros]) => `${x}: ${(micros / x).toFixed(1)}`).join('   ');
    console.log(`growth  ${candidate.name.padEnd(10)} µs each for ${shown}`);
  }
  return curves;
}

async function curve(
  candidate: Candidate,
  sizes: readonly number[],
  workOf: (size: number) => readonly [Work, MeasureOptions],
  restApi: RestApi,
): Promise<Curve> {
  const server = await startServer(candidate, { upstreamUrl: restApi.url });
  try {
    // The first size shall not be the only one that meets a young process.
    await measure(server, restApi, ...workOf(sizes.at(-1) ?? 1));
    const points: [number, number][] = [];
    for (const size of sizes) {
      const { cpuMicrosPerRequest } = await measure(server, restApi, ...workOf(size));
      points.push([size, cpuMicrosPerRequest]);
    }
    return { name: candidate.name, points };
  } finally {
    await server.stop();
  }
}

async function documentCurve(candidate: Candidate, restApi: RestApi): Promise<Curve> {
  const server = await startServer(candidate, { upstreamUrl: restApi.url });
  let sent = 0;
  const send = async (count: number) => {
    const bodies = Array.from({ length: count }, () => bodyOf(documentWork(sent++), 0));
    const [fault] = await sendInTurn(server.port, bodies);
    if (fault !== undefined) throw new Error(`a bad answer to a new document: ${fault}`);
  };
  try {
    await send(documentsToFill);
    const start = server.cpuMicros();
    const points: [number, number][] = [];
    let counted = 0;
    for (const count of documentCounts) {
      await send(count - counted);
      counted = count;
      points.push([count, server.cpuMicros() - start]);
    }
    return { name: candidate.name, points };
  } finally {
    await server.stop();
  }
}
