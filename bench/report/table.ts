import type { Candidate } from '../candidates.ts';
import type { Row } from '../statistics.ts';

/** The heads of the main table. */
export const tableHeader: readonly string[] = [
  'candidate',
  'ratio to floor',
  'lowest–highest',
  'CPU µs',
  'requests/s',
  'p50 ms',
  'p99 ms',
  'GETs',
  'upstream bytes',
  'MiB resident',
];

/** The lines of the main table for one work, as text. */
export function tableRows(work: string, rows: readonly Row[], candidates: readonly Candidate[]): string[][] {
  return candidates.flatMap((candidate) => {
    const row = rows.find((each) => each.work === work && each.candidate === candidate.name);
    return row ? [cells(row)] : [];
  });
}

/** A table in columns, for the terminal. */
export function alignedTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((head, i) => Math.max(head.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return [header, ...rows].map(line).join('\n');
}

/** A table in Markdown, all columns but the first to the right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = header.map((_, i) => (i === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cells(row: Row): string[] {
  return [
    row.candidate,
    row.ratio.toFixed(2),
    `${row.lowestRatio.toFixed(2)}–${row.highestRatio.toFixed(2)}`,
    row.cpuMicrosPerRequest.toFixed(1),
    row.requestsPerSecond.toFixed(0),
    row.p50Ms.toFixed(1),
    row.p99Ms.toFixed(1),
    row.getsPerRequest.toFixed(1),
    row.upstreamBytesPerRequest.toFixed(0),
    (row.residentBytes / 2 ** 20).toFixed(0),
  ];
}
