import type { Answer } from './answer.ts';

/** One assumption of the layer, and the answers that it is held against. */
export interface Check {
  readonly name: string;
  readonly answers: readonly Answer[];
  /** What is wrong with an answer, if anything is. */
  readonly flawOf: (answer: Answer) => string | false;
  /** What is said where nothing is wrong. */
  readonly good: string;
  /** What follows from a flaw, if it is not simply what the layer makes of the first answer that has it. */
  readonly consequence?: string | undefined;
  /** Why there are no answers, if it is not for lack of good ones. */
  readonly skipped?: string;
}

/** What came of a check. */
export interface Finding {
  readonly name: string;
  readonly result: 'holds' | 'deviates' | 'skipped';
  /** What was seen, or why nothing could be. */
  readonly seen: string;
  /** Where it deviates: what the layer answers because of it. */
  readonly consequence?: string;
}

export function evaluate({ name, answers, flawOf, good, consequence, skipped }: Check): Finding {
  const count = answers.length;
  if (count === 0) return { name, result: 'skipped', seen: skipped ?? 'no answer to look at' };
  const flawed = answers.filter(flawOf);
  const [first] = flawed;
  if (first === undefined) return { name, result: 'holds', seen: good };
  const seen = `${flawOf(first)}${count === 1 ? '' : `, in ${flawed.length} of ${count} answers`}`;
  return { name, result: 'deviates', seen, consequence: consequence ?? first.layer };
}
