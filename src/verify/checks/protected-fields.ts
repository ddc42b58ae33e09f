import { isDeepStrictEqual } from 'node:util';
import type { ResourceField } from '#upstream/resource.ts';
import { describe } from '../interpret.ts';
import { type Check, deviates, type Evidence, holds, list, skipped } from './check.ts';

const NAME = 'protected fields';

/** What a plain member sees of the fields that are protected: assumed is that they are left out of `data`. */
export function checkProtectedFields(evidence: Evidence): Check {
  const { memberToken } = evidence.settings;
  if (memberToken === undefined) return skipped(NAME, 'VERIFY_MEMBER_TOKEN is not set');
  const answer = evidence.answer('all flags, as a member');
  const seen = evidence.data('all flags, as a member');
  const whole = evidence.data('all flags');
  if (seen === undefined) {
    return deviates(
      NAME,
      describe(answer),
      `${evidence.layerAnswer(answer)}, for each user whom a member reads`,
    );
  }
  if (whole === undefined) return skipped(NAME, 'no answer to compare with');

  const differing = evidence.resource.fields.filter(
    ({ name }) => !isDeepStrictEqual(seen[name], whole[name]),
  );
  const leftOut = differing.filter(({ name }) => seen[name] === undefined);
  const nulled = differing.filter(({ name }) => seen[name] === null);
  const masked = differing.filter(({ name }) => seen[name] !== undefined && seen[name] !== null);
  if (differing.length === 0) {
    return skipped(NAME, "a member sees all of this user: use somebody else, and a plain member's token");
  }
  if (differing.length === leftOut.length) return holds(NAME, `left out: ${namesOf(leftOut)}`);
  const unreadable = masked.filter(({ name, decoder }) => decoder.decode(seen[name]) === undefined);
  const readable = masked.filter((field) => !unreadable.includes(field));
  return deviates(
    NAME,
    join([
      [leftOut, 'left out'],
      [nulled, 'null'],
      [masked, 'masked, with another value'],
    ]),
    join([
      [nulled, 'null, but isWithheld is false, so that hidden looks empty'],
      [readable, 'the masked value goes out as if it were the true one, and isWithheld is false'],
      [unreadable, 'UPSTREAM_BAD_RESPONSE'],
    ]),
  );
}

/** `null: email; masked: lastLogin`, of what there is. */
function join(parts: readonly (readonly [readonly ResourceField[], string])[]): string {
  return parts
    .filter(([fields]) => fields.length > 0)
    .map(([fields, what]) => `${namesOf(fields)}: ${what}`)
    .join('; ');
}

const namesOf = (fields: readonly ResourceField[]) => list(fields.map(({ name }) => name));
