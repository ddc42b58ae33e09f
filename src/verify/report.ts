import type { CommandResult } from '#process/command.ts';
import type { Resource } from '#upstream/resource.ts';
import type { Answer } from './answer.ts';
import { evaluate, type Finding } from './check.ts';
import { measureLatency, planChecks } from './checks.ts';
import type { Settings } from './settings.ts';

/** Checks what was answered, by the name of the probe, and tells of it. */
export function toResult(
  answers: ReadonlyMap<string, Answer>,
  resource: Resource,
  settings: Settings,
): CommandResult {
  const { upstream, community, user, token, memberToken = token } = settings;
  // A check may hold words of the REST API, such as a field's name, and these may be anything.
  const redact = (text: string) => text.replaceAll(token, '(token)').replaceAll(memberToken, '(token)');
  const checks = planChecks(answers, resource, settings)
    .map(evaluate)
    .map(({ seen, ...finding }) => ({ ...finding, seen: redact(seen) }));
  const count = (wanted: Finding['result']) => checks.filter(({ result }) => result === wanted).length;
  const holds = count('deviates') === 0;
  const gets = answers.size;
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, result, seen, consequence }) => [
    `${MARKS[result]}  ${name.padEnd(width)}  ${seen}`,
    ...(consequence === undefined ? [] : [`${' '.repeat(width + 12)}→ ${consequence}`]),
  ]);
  return {
    holds,
    report: {
      url: upstream.url,
      community,
      user,
      holds,
      gets,
      latency: measureLatency(answers),
      checks,
    },
    // A line for each check, and below one that deviates what the layer answers because of it.
    text: `${upstream.url}, community ${community}, user ${user}

${lines.join('\n')}

${count('holds')} hold, ${count('deviates')} deviate, ${count('skipped')} could not be checked; ${gets} GETs
`,
  };
}

const MARKS = { holds: 'holds   ', deviates: 'DEVIATES', skipped: 'skipped ' };
