import type { Candidate } from '../candidates.ts';
import type { Row } from '../statistics.ts';
import type { Work } from '../works.ts';

/** What a line of the main table says: `ratio` columns are over the floor's own in the same round. */
interface Column {
  readonly head: string;
  cell(row: Row): string;
}

const columns: readonly Column[] = [
  { head: 'candidate', cell: (row) => row.candidate },
  { head: 'ratio, first seconds', cell: (row) => row.youngRatio.toFixed(2) },
  { head: 'ratio, warmed up', cell: (row) => row.ratio.toFixed(2) },
  { head: 'lowest–highest', cell: (row) => `${row.lowestRatio.toFixed(2)}–${row.highestRatio.toFixed(2)}` },
  { head: 'CPU µs', cell: (row) => row.cpuMicrosPerRequest.toFixed(1) },
  { head: 'requests/s', cell: (row) => row.requestsPerSecond.toFixed(0) },
  { head: 'p50 ms', cell: (row) => row.p50Ms.toFixed(1) },
  { head: 'p99 ms', cell: (row) => row.p99Ms.toFixed(1) },
  { head: 'GETs', cell: (row) => row.getsPerRequest.toFixed(1) },
  { head: 'upstream bytes', cell: (row) => row.upstreamBytesPerRequest.toFixed(0) },
  { head: 'MiB resident', cell: (row) => (row.residentBytes / 2 ** 20).toFixed(0) },
  { head: 'ratio, memory', cell: (row) => row.residentRatio.toFixed(2) },
];

function columnsOf({ openLoopRate }: Work): readonly Column[] {
  if (openLoopRate === undefined) return columns;
  const head = `ratio, p99 at ${openLoopRate}/s`;
  return columns.toSpliced(4, 0, { head, cell: (row) => row.openLoopP99Ratio.toFixed(2) });
}

/** The heads of the main table for one work. */
export function tableHeader(work: Work): string[] {
  return columnsOf(work).map(({ head }) => head);
}

/** The lines of the main table for one work, as text. */
export function tableRows(work: Work, rows: readonly Row[], candidates: readonly Candidate[]): string[][] {
  return candidates.flatMap(({ name }) => {
    const row = rows.find((each) => each.work === work.name && each.candidate === name);
    return row ? [columnsOf(work).map(({ cell }) => cell(row))] : [];
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
