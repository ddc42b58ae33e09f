import type { Candidate } from './candidates.ts';
import { checkAnswers } from './correctness.ts';
import { runLoad } from './load.ts';
import { type Measurement, measure } from './measure.ts';
import type { Options } from './options.ts';
import type { RestApi } from './rest-api-process.ts';
import { type RunningServer, startServer } from './server-process.ts';
import type { Work } from './works.ts';

/** One measurement of the table. */
export interface Sample extends Measurement {
  /** In milliseconds, at the work's `openLoopRate`; NaN where it has none. */
  readonly openLoopP50Ms: number;
  readonly openLoopP99Ms: number;
  readonly candidate: string;
  readonly work: string;
  readonly round: number;
}

/** What the rounds gave: the samples, and why a candidate is missing. */
export interface RoundsResult {
  readonly samples: readonly Sample[];
  readonly failures: ReadonlyMap<string, string>;
}

/**
 * Runs the candidates in turn, round after round, a new process for each work each time. Answers are compared before anything is
 * timed; a candidate that gives a wrong one, or breaks, is left out from then on.
 */
export async function runRounds(options: Options, restApi: RestApi): Promise<RoundsResult> {
  const samples: Sample[] = [];
  const failures = new Map<string, string>();
  for (let round = 1; round <= options.rounds; round++) {
    for (const candidate of options.candidates) {
      if (failures.has(candidate.name)) continue;
      try {
        samples.push(...(await runOne(candidate, round, options, restApi)));
      } catch (error) {
        failures.set(candidate.name, error instanceof Error ? error.message : String(error));
        console.log(`round ${round}  ${candidate.name}: ${failures.get(candidate.name)}`);
      }
    }
  }
  return { samples, failures };
}

async function runOne(
  candidate: Candidate,
  round: number,
  options: Options,
  restApi: RestApi,
): Promise<Sample[]> {
  if (round === 1) await checkAllAnswers(candidate, options, restApi);
  const samples: Sample[] = [];
  for (const work of options.works) {
    const server = await startServer(candidate, { upstreamUrl: restApi.url });
    try {
      const measurement = await measure(server, restApi, work, options);
      const openLoop = await measureOpenLoop(server, work, options);
      samples.push({ candidate: candidate.name, work: work.name, round, ...measurement, ...openLoop });
    } finally {
      await server.stop();
    }
  }
  const costs = samples
    .map(
      (each) =>
        `${each.work} ${each.youngCpuMicrosPerRequest.toFixed(1)}, then ${each.cpuMicrosPerRequest.toFixed(1)} µs`,
    )
    .join('   ');
  console.log(`round ${round}/${options.rounds}  ${candidate.name.padEnd(10)} CPU per request: ${costs}`);
  return samples;
}

async function checkAllAnswers(candidate: Candidate, options: Options, restApi: RestApi): Promise<void> {
  const server = await startServer(candidate, { upstreamUrl: restApi.url });
  try {
    for (const work of options.works) await checkAnswers(server, work);
  } finally {
    await server.stop();
  }
}

/** So many that a request hardly ever waits for one: the load goes on however slow the server is. */
const openLoopConnections = 256;

async function measureOpenLoop(server: RunningServer, work: Work, { seconds, requests }: Options) {
  const rate = work.openLoopRate;
  if (rate === undefined) return { openLoopP50Ms: Number.NaN, openLoopP99Ms: Number.NaN };
  const load = { port: server.port, work, connections: openLoopConnections, maxRequests: requests };
  const { p50Ms, p99Ms } = await runLoad({ ...load, seconds, rate });
  return { openLoopP50Ms: p50Ms, openLoopP99Ms: p99Ms };
}
