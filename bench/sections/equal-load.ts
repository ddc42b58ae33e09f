import type { Candidate } from '../candidates.ts';
import type { Row } from '../statistics.ts';
import type { Work } from '../works.ts';
import type { Section } from './section.ts';

/** Latency where every candidate gets the same number of requests a second, as the rounds have measured it. */
export function equalLoadSections(
  works: readonly Work[],
  candidates: readonly Candidate[],
  rows: readonly Row[],
): Section[] {
  return works.flatMap(({ name, openLoopRate }) => {
    if (openLoopRate === undefined) return [];
    const measured = candidates.flatMap((candidate) =>
      rows.filter((row) => row.work === name && row.candidate === candidate.name),
    );
    return {
      title: `Latency at ${openLoopRate} requests of ${name} a second`,
      text:
        'Open loop, of servers that are warm: requests are due at even times, whatever the server does, and their latency counts from then ' +
        'on. So a pause counts for every request that was due in it (no coordinated omission).',
      header: ['candidate', 'p50 ms', 'p99 ms', 'p99 over floor'],
      rows: measured.map((row) => [
        row.candidate,
        row.openLoopP50Ms.toFixed(2),
        row.openLoopP99Ms.toFixed(2),
        row.openLoopP99Ratio.toFixed(2),
      ]),
    };
  });
}
