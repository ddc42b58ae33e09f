import { describe } from '../interpret.ts';
import type { ProbeName } from '../probes.ts';
import { type Check, deviates, type Evidence, holds } from './check.ts';

/** Whether what cannot be answered is answered with the documented status. */
export function checkStatuses(evidence: Evidence): Check[] {
  return [
    checkStatus(evidence, 'absent user', [404], 'null, without an error'),
    // Which ids are bad is not documented: one that is of no known form may as well be that of nobody.
    checkStatus(evidence, 'bad id', [400, 404], 'BAD_USER_INPUT'),
    checkStatus(evidence, 'wrong token', [401], 'UNAUTHENTICATED'),
    checkNoToken(evidence),
  ];
}

/** `usual`: what the layer answers where the status is the first of the expected ones. */
function checkStatus(
  evidence: Evidence,
  probe: ProbeName,
  expected: readonly number[],
  usual: string,
): Check {
  const answer = evidence.answer(probe);
  if (answer.kind === 'reply' && expected.includes(answer.status)) return holds(probe, describe(answer));
  const actual = evidence.layerAnswer(answer);
  const consequence =
    actual === usual ? 'none: the layer goes by the status in meta' : `${actual}, in place of ${usual}`;
  return deviates(probe, `${describe(answer)}, not ${expected.join(' or ')}`, consequence);
}

function checkNoToken(evidence: Evidence): Check {
  const answer = evidence.answer('no token');
  if (answer.kind === 'reply' && answer.status === 401) return holds('no token', describe(answer));
  const open = evidence.data('no token') === undefined ? '' : '; but the REST API shows users to anybody';
  return deviates(
    'no token',
    `${describe(answer)}, not 401`,
    `none: the layer answers UNAUTHENTICATED itself and makes no GET${open}`,
  );
}
