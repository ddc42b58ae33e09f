import type { RestAnswer } from './ask.ts';
import { effectiveStatus } from './interpret.ts';
import type { Answers } from './probes.ts';

/**
 * Why there is nothing to check, as a sentence, judged by the first answers; undefined where checking makes sense, or
 * where more answers are needed to tell.
 */
export function obstacle(answers: Answers, url: URL): string | undefined {
  const [first, second] = answers.values();
  if (first?.kind === 'unreachable' || first?.kind === 'late')
    return `The REST API at ${url} cannot be reached: ${inWords(first.reason)}.`;
  if (first && effectiveStatus(first) === 404) {
    return 'The REST API knows no such user in this community (404). Name one that exists.';
  }
  if (first && second && isRefused(first) && isRefused(second)) {
    return `The REST API refuses VERIFY_TOKEN for this community (${effectiveStatus(first)}).`;
  }
  const asMember = answers.get('all flags, as a member');
  if (asMember && effectiveStatus(asMember) === 401) {
    return 'The REST API refuses VERIFY_MEMBER_TOKEN for this community (401).';
  }
  return undefined;
}

const isRefused = (answer: RestAnswer) => [401, 403].includes(effectiveStatus(answer) ?? 0);

function inWords(reason: string): string {
  const words = WORDS.get(reason);
  return words === undefined ? reason : `${words} (${reason})`;
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'its host name is not known'],
  ['EAI_AGAIN', 'its host name cannot be looked up'],
]);
