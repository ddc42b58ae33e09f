import type { Resource } from '#upstream/resource.ts';
import type { Settings } from '../arguments.ts';
import type { RestAnswer, RestReply } from '../ask.ts';
import { interpret, layerAnswer, readBody } from '../interpret.ts';
import type { Answers, ProbeName } from '../probes.ts';

/** One assumption of the layer, held against what was seen. */
export interface Check {
  readonly name: string;
  readonly result: 'holds' | 'deviates' | 'skipped';
  /** What was seen, or why nothing could be. */
  readonly seen: string;
  /** Where it deviates: what the layer answers because of it. */
  readonly consequence?: string;
}

export const holds = (name: string, seen: string): Check => ({ name, result: 'holds', seen });
export const skipped = (name: string, seen: string): Check => ({ name, result: 'skipped', seen });
export const deviates = (name: string, seen: string, consequence: string): Check => ({
  name,
  result: 'deviates',
  seen,
  consequence,
});

/** All that was asked and answered. */
export class Evidence {
  readonly resource: Resource;
  readonly settings: Settings;
  readonly answers: Answers;

  constructor(resource: Resource, settings: Settings, answers: Answers) {
    this.resource = resource;
    this.settings = settings;
    this.answers = answers;
  }

  answer(name: ProbeName): RestAnswer {
    const answer = this.answers.get(name);
    if (answer === undefined) throw new Error(`"${name}" was not asked.`);
    return answer;
  }

  /** The `data` of an answer, undefined where it has none. */
  data(name: ProbeName) {
    const answer = this.answer(name);
    return answer.kind === 'reply' && answer.status === 200 ? readBody(answer).data : undefined;
  }

  /** Everything that was answered, whatever its status. */
  get replies(): readonly RestReply[] {
    return Array.from(this.answers.values()).filter((answer) => answer.kind === 'reply');
  }

  /** What the layer answers where the REST API answers this. */
  layerAnswer(answer: RestAnswer): string {
    return layerAnswer(interpret(answer));
  }
}

/** Names in a row, as many as a line can bear; those of the REST API may be anything. */
export function list(names: readonly string[]): string {
  const shown = names
    .slice(0, MAX_SHOWN)
    .map((name) => (/^[\w.$-]{1,40}$/.test(name) ? name : 'an odd name'));
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

const MAX_SHOWN = 10;
