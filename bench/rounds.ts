import type { Candidate } from './candidates.ts';
import { checkAnswers } from './correctness.ts';
import { type Measurement, measure } from './measure.ts';
import type { Options } from './options.ts';
import type { RestApi } from './rest-api-process.ts';
import { startServer } from './server-process.ts';

/** One measurement of the table. */
export interface Sample extends Measurement {
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
 * Runs the candidates in turn, round after round, a new process each time. Answers are compared before anything is
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
  const samples: Sample[] = [];
  const server = await startServer(candidate, { upstreamUrl: restApi.url });
  try {
    if (round === 1) for (const work of options.works) await checkAnswers(server, work);
    for (const work of options.works) {
      const measurement = await measure(server, restApi, work, options);
      samples.push({ candidate: candidate.name, work: work.name, round, ...measurement });
    }
  } finally {
    await server.stop();
  }
  const costs = samples.map((each) => `${each.work} ${each.cpuMicrosPerRequest.toFixed(1)} µs`).join('   ');
  console.log(`round ${round}/${options.rounds}  ${candidate.name.padEnd(10)} CPU per request: ${costs}`);
  return samples;
}
