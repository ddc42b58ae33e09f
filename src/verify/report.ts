import type { CommandResult } from '#process/command.ts';
import { checkAnswers, measureLatency } from './answer-checks.ts';
import type { Evidence, Finding } from './evidence.ts';
import { checkFields } from './field-checks.ts';

/** Checks what was seen, and tells of it. */
export function toResult(evidence: Evidence): CommandResult {
  const { upstream, community, user, token, memberToken = token } = evidence.settings;
  // A check may hold words of the REST API, such as a field's name, and these may be anything.
  const redact = (text: string) => text.replaceAll(token, '(token)').replaceAll(memberToken, '(token)');
  const findings = Object.entries({ ...checkFields(evidence), ...checkAnswers(evidence) });
  const checks = findings.map(([name, { result, seen, consequence }]) => ({
    name,
    result,
    seen: redact(seen),
    consequence: consequence && redact(consequence),
  }));
  const count = (wanted: Finding['result']) => checks.filter(({ result }) => result === wanted).length;
  const holds = count('deviates') === 0;
  const gets = evidence.answers.size;
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
      latency: measureLatency(evidence),
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
