import type { Resource } from '#upstream/resource.ts';
import type { Answer } from './answer.ts';
import type { Settings } from './settings.ts';

/** All that was asked and answered. */
export interface Evidence {
  readonly resource: Resource;
  readonly settings: Settings;
  /** By the name of the probe. */
  readonly answers: ReadonlyMap<string, Answer>;
}

/** The answer to a probe that was made. */
export function answerTo({ answers }: Evidence, name: string): Answer {
  const answer = answers.get(name);
  if (answer === undefined) throw new Error(`"${name}" was not asked.`);
  return answer;
}

/** What came of checks, by their names. */
export type Findings = Readonly<Record<string, Finding>>;

/** What came of one assumption of the layer that was held against what was seen. */
export interface Finding {
  readonly result: 'holds' | 'deviates' | 'skipped';
  /** What was seen, or why nothing could be. */
  readonly seen: string;
  /** Where it deviates: what the layer answers because of it. */
  readonly consequence?: string;
}

export const holds = (seen: string): Finding => ({ result: 'holds', seen });
export const skipped = (seen: string): Finding => ({ result: 'skipped', seen });
export const deviates = (seen: string, consequence: string): Finding => ({
  result: 'deviates',
  seen,
  consequence,
});
