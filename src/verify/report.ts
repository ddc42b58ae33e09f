import type { Settings } from './arguments.ts';

/** One assumption of the layer, held against what was seen. */
export interface Check extends Finding {
  readonly name: string;
}

/** What came of a check. */
export interface Finding {
  readonly result: keyof typeof MARKS;
  /** What was seen, or why nothing could be. */
  readonly seen: string;
  /** Where it deviates: what the layer answers because of it. */
  readonly consequence?: string | undefined;
}

export const holds = (seen: string): Finding => ({ result: 'holds', seen });
export const skipped = (seen: string): Finding => ({ result: 'skipped', seen });
export const deviates = (seen: string, consequence: string): Finding => ({
  result: 'deviates',
  seen,
  consequence,
});

export type Latency = Readonly<Record<'medianMs' | 'p95Ms' | 'maxMs', number>>;

/** What a run came to. */
export interface Report {
  readonly settings: Settings;
  /** How many GETs were made. */
  readonly gets: number;
  readonly checks: readonly Check[];
  /** Of the equal GETs that were made for it, undefined where none was answered. */
  readonly latency: Latency | undefined;
}

/** Whether nothing deviates. */
export function allHolds({ checks }: Report): boolean {
  return checks.every(({ result }) => result !== 'deviates');
}

/** For programs: one JSON object. */
export function toJson(report: Report): string {
  const { url, community, user } = report.settings;
  const { gets, latency, checks } = report;
  return `${JSON.stringify({ url, community, user, holds: allHolds(report), gets, latency, checks }, undefined, 2)}\n`;
}

/** For people: a line for each check, and below one that deviates what the layer answers because of it. */
export function toTable({ settings: { url, community, user }, gets, checks }: Report): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(MARKS.deviates.length + width + 4);
  const lines = checks.flatMap(({ name, result, seen, consequence }) => [
    `${MARKS[result]}  ${name.padEnd(width)}  ${seen}`,
    ...(consequence === undefined ? [] : [`${indent}→ ${consequence}`]),
  ]);
  const count = (result: Check['result']) => checks.filter((check) => check.result === result).length;
  return `${url}, community ${community}, user ${user}

${lines.join('\n')}

${count('holds')} hold, ${count('deviates')} deviate, ${count('skipped')} could not be checked; ${gets} GETs
`;
}

const MARKS = { holds: 'holds   ', deviates: 'DEVIATES', skipped: 'skipped ' } as const;
