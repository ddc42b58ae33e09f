import { describe } from '../interpret.ts';
import type { ProbeName } from '../probes.ts';
import { type Check, deviates, type Evidence, holds, list } from './check.ts';

/** Whether exactly the fields come whose flags were sent: all together, each alone, and any where none was. */
export function checkFlags(evidence: Evidence): Check[] {
  const names = evidence.resource.fields.map(({ name }) => name);
  return [
    checkSelection(evidence, 'all flags', names),
    ...names.map((name) => checkSelection(evidence, `flag ${name}`, [name])),
    checkNoFlag(evidence, names),
  ];
}

function checkSelection(evidence: Evidence, probe: ProbeName, asked: readonly string[]): Check {
  const answer = evidence.answer(probe);
  const data = evidence.data(probe);
  if (data === undefined || describe(answer) !== '200') {
    const which = asked.length === 1 ? `a selection of ${asked[0]} alone` : 'a selection of all fields';
    return deviates(probe, describe(answer), `${evidence.layerAnswer(answer)}, for ${which}`);
  }
  const came = Object.keys(data);
  const missing = asked.filter((name) => !came.includes(name));
  const ignored = came.filter((name) => !asked.includes(name));
  if (missing.length + ignored.length === 0)
    return holds(probe, asked.length === 1 ? 'it alone' : 'exactly these');
  return deviates(
    probe,
    [
      ...(missing.length > 0 ? [`left out: ${list(missing)}`] : []),
      ...(ignored.length > 0 ? [`the selection is ignored: also ${list(ignored)}`] : []),
    ].join('; '),
    [
      ...(missing.length > 0 ? [`null, and isWithheld is true, for ${list(missing)} ${MEMBER_HINT}`] : []),
      ...(ignored.length > 0 ? ['no other answer, but each GET carries more than was selected'] : []),
    ].join('; '),
  );
}

const MEMBER_HINT = "(as it should be if VERIFY_TOKEN is a plain member's: check with an admin's)";

function checkNoFlag(evidence: Evidence, known: readonly string[]): Check {
  const answer = evidence.answer('no flag');
  const data = evidence.data('no flag');
  if (data === undefined || describe(answer) !== '200') {
    return deviates('no flag', describe(answer), 'none: the layer always sends a flag');
  }
  const came = Object.keys(data);
  const unknown = came.filter((name) => !known.includes(name));
  const others = unknown.length > 0 ? `, among them ones without a flag: ${list(unknown)}` : '';
  return holds('no flag', `${came.length} fields${others}`);
}
