import type { Sample } from './rounds.ts';

/** One line of the table: medians over the rounds. */
export interface Row {
  readonly candidate: string;
  readonly work: string;
  /** CPU per request over the floor's in the same round. */
  readonly ratio: number;
  readonly lowestRatio: number;
  readonly highestRatio: number;
  /** The same for the first seconds of load of a process that was just started. */
  readonly youngRatio: number;
  /** p99 at equal, open-loop load over the floor's in the same round; NaN where there is none. */
  readonly openLoopP99Ratio: number;
  readonly openLoopP50Ms: number;
  readonly openLoopP99Ms: number;
  /** Resident memory over the floor's in the same round. */
  readonly residentRatio: number;
  readonly cpuMicrosPerRequest: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly getsPerRequest: number;
  readonly upstreamBytesPerRequest: number;
  readonly residentBytes: number;
}

/** The table: one row for each candidate and work that was measured, in the order of the samples. */
export function summarize(samples: readonly Sample[]): Row[] {
  const groups = Map.groupBy(samples, (sample) => `${sample.work} ${sample.candidate}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const ratiosOf = (value: (sample: Sample) => number) =>
      group.map((sample) => value(sample) / value(floorOf(sample, samples)));
    const ratios = ratiosOf((sample) => sample.cpuMicrosPerRequest);
    const medianOf = (value: (sample: Sample) => number) => median(group.map(value));
    return {
      candidate: first.candidate,
      work: first.work,
      ratio: median(ratios),
      lowestRatio: Math.min(...ratios),
      highestRatio: Math.max(...ratios),
      youngRatio: median(ratiosOf((sample) => sample.youngCpuMicrosPerRequest)),
      openLoopP99Ratio: median(ratiosOf((sample) => sample.openLoopP99Ms)),
      openLoopP50Ms: medianOf((sample) => sample.openLoopP50Ms),
      openLoopP99Ms: medianOf((sample) => sample.openLoopP99Ms),
      residentRatio: median(ratiosOf((sample) => sample.residentBytes)),
      cpuMicrosPerRequest: medianOf((sample) => sample.cpuMicrosPerRequest),
      requestsPerSecond: medianOf((sample) => sample.requestsPerSecond),
      p50Ms: medianOf((sample) => sample.p50Ms),
      p99Ms: medianOf((sample) => sample.p99Ms),
      getsPerRequest: medianOf((sample) => sample.getsPerRequest),
      upstreamBytesPerRequest: medianOf((sample) => sample.upstreamBytesPerRequest),
      residentBytes: medianOf((sample) => sample.residentBytes),
    };
  });
}

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  if (!Number.isInteger(middle)) return upper;
  return ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function floorOf({ work, round }: Sample, samples: readonly Sample[]): Sample {
  const floor = samples.find(
    (each) => each.candidate === 'floor' && each.work === work && each.round === round,
  );
  if (!floor) throw new Error(`round ${round} has no floor for ${work}`);
  return floor;
}
