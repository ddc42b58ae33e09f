import type { Settings } from './arguments.ts';
import type { Check } from './checks/check.ts';
import type { Latency } from './checks/latency.ts';

/** What a run came to. */
export interface Report {
  readonly settings: Settings;
  /** How many GETs were made. */
  readonly gets: number;
  readonly checks: readonly Check[];
  readonly latency: Latency | undefined;
}

/** Whether nothing deviates. */
export function allHolds({ checks }: Report): boolean {
  return checks.every(({ result }) => result !== 'deviates');
}

/** For programs: one JSON object. */
export function toJson(report: Report): string {
  const { settings, gets, checks, latency } = report;
  const { url, community, user } = settings;
  const holds = allHolds(report);
  return `${JSON.stringify({ url, community, user, holds, gets, latency, checks }, undefined, 2)}\n`;
}

/** For people: a line for each check, and below one that deviates what the layer answers because of it. */
export function toTable(report: Report): string {
  const { settings, gets, checks } = report;
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, result, seen, consequence }) => [
    `${MARKS[result]}  ${name.padEnd(width)}  ${seen}`,
    ...(consequence === undefined
      ? []
      : [`${' '.repeat(MARKS.deviates.length + width + 4)}→ ${consequence}`]),
  ]);
  const count = (result: Check['result']) => checks.filter((check) => check.result === result).length;
  return [
    `${settings.url}, community ${settings.community}, user ${settings.user}`,
    '',
    ...lines,
    '',
    `${count('holds')} hold, ${count('deviates')} deviate, ${count('skipped')} could not be checked; ${gets} GETs`,
    '',
  ].join('\n');
}

const MARKS = { holds: 'holds   ', deviates: 'DEVIATES', skipped: 'skipped ' } as const;
