import { isDeepStrictEqual } from 'node:util';
import type { ResourceField } from '#upstream/resource.ts';
import { answerTo, type Evidence } from './probes.ts';
import { type Check, deviates, type Finding, holds, skipped } from './report.ts';

/** Whether exactly the fields come whose flags were sent, of the user asked for, with values that the layer can read. */
export function checkFields(evidence: Evidence): Check[] {
  const { fields } = evidence.resource;
  const names = fields.map(({ name }) => name);
  return [
    { name: 'all flags', ...selection(evidence, 'all flags', names) },
    ...names.map((name) => ({ name: `flag ${name}`, ...selection(evidence, `flag ${name}`, [name]) })),
    { name: 'no flag', ...noFlag(evidence, names) },
    { name: 'identity', ...identity(evidence) },
    ...fields.map((field) => ({ name: `type of ${field.name}`, ...fieldType(evidence, field) })),
    { name: 'protected fields', ...protectedFields(evidence) },
  ];
}

function selection(evidence: Evidence, probe: string, asked: readonly string[]): Finding {
  const { data, seen, layer } = answerTo(evidence, probe);
  const isAlone = asked.length === 1;
  if (data === undefined || seen !== '200') {
    return deviates(seen, `${layer}, for a selection of ${isAlone ? `${asked[0]} alone` : 'all fields'}`);
  }
  const came = Object.keys(data);
  const missing = list(asked.filter((name) => !came.includes(name)));
  const ignored = list(came.filter((name) => !asked.includes(name)));
  if (missing + ignored === '') return holds(isAlone ? 'it alone' : 'exactly these');
  return deviates(
    join(missing && `left out: ${missing}`, ignored && `the selection is ignored: also ${ignored}`),
    join(
      missing && `null, and isWithheld is true, for ${missing} ${MEMBER_HINT}`,
      ignored && 'no other answer, but each GET carries more than was selected',
    ),
  );
}

const MEMBER_HINT = "(as it should be if VERIFY_TOKEN is a plain member's: check with an admin's)";

function noFlag(evidence: Evidence, known: readonly string[]): Finding {
  const { data, seen } = answerTo(evidence, 'no flag');
  if (data === undefined || seen !== '200') return deviates(seen, 'none: the layer always sends a flag');
  const came = Object.keys(data);
  const unknown = list(came.filter((name) => !known.includes(name)));
  return holds(`${came.length} fields${unknown && `, among them ones without a flag: ${unknown}`}`);
}

function identity(evidence: Evidence): Finding {
  const { community, user } = evidence.settings;
  const { data } = answerTo(evidence, 'all flags');
  if (data === undefined) return skipped('no answer to look at');
  if (evidence.resource.matchesIdentity([community, user], data)) return holds('the user asked for');
  return deviates('another user than the one asked for', 'UPSTREAM_BAD_RESPONSE, for the whole user');
}

function fieldType(evidence: Evidence, { name, decoder }: ResourceField): Finding {
  const answers = [answerTo(evidence, 'all flags'), answerTo(evidence, `flag ${name}`)];
  const values = answers.map(({ data }) => data?.[name]).filter((value) => value !== undefined);
  if (values.length === 0) return skipped('no answer has it');
  const wrong = values.find((value) => value !== null && decoder.decode(value) === undefined);
  if (wrong !== undefined) {
    const consequence = `UPSTREAM_BAD_RESPONSE at ${name}; the other fields stand`;
    return deviates(`${jsonType(wrong)} that is no ${decoder.kind}`, consequence);
  }
  return holds(values.every((value) => value === null) ? 'null: its type does not show' : decoder.kind);
}

/** The JSON type, never the value: that is somebody's data. */
function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

/** What a plain member sees of the fields that are protected: assumed is that they are left out of `data`. */
function protectedFields(evidence: Evidence): Finding {
  if (evidence.settings.memberToken === undefined) return skipped('VERIFY_MEMBER_TOKEN is not set');
  const { data, seen, layer } = answerTo(evidence, 'all flags, as a member');
  const { data: whole } = answerTo(evidence, 'all flags');
  if (data === undefined) return deviates(seen, `${layer}, for each user whom a member reads`);
  if (whole === undefined) return skipped('no answer to compare with');

  const differing = evidence.resource.fields.filter(
    ({ name }) => !isDeepStrictEqual(data[name], whole[name]),
  );
  if (differing.length === 0) {
    return skipped("a member sees all of this user: use somebody else, and a plain member's token");
  }
  const withheldAs = ({ name, decoder }: ResourceField) => {
    const value = data[name];
    if (value === undefined || value === null) return String(value);
    return decoder.decode(value) === undefined ? 'unreadable' : 'readable';
  };
  const listOf = (...kinds: readonly string[]) =>
    list(differing.filter((field) => kinds.includes(withheldAs(field))).map(({ name }) => name));
  const [leftOut, nulled] = [listOf('undefined'), listOf('null')];
  const [readable, unreadable] = [listOf('readable'), listOf('unreadable')];
  const masked = listOf('readable', 'unreadable');
  if (nulled + masked === '') return holds(`left out: ${leftOut}`);
  return deviates(
    join(
      leftOut && `${leftOut}: left out`,
      nulled && `${nulled}: null`,
      masked && `${masked}: masked, with another value`,
    ),
    join(
      nulled && `${nulled}: null, but isWithheld is false, so that hidden looks empty`,
      readable &&
        `${readable}: the masked value goes out as if it were the true one, and isWithheld is false`,
      unreadable && `${unreadable}: UPSTREAM_BAD_RESPONSE`,
    ),
  );
}

const join = (...parts: readonly string[]) => parts.filter((part) => part !== '').join('; ');

/** Names in a row, as many as a line can bear, none as an empty text; those of the REST API may be anything. */
function list(names: readonly string[]): string {
  const shown = names
    .slice(0, MAX_SHOWN)
    .map((name) => (/^[\w.$-]{1,40}$/.test(name) ? name : 'an odd name'))
    .join(', ');
  return names.length > MAX_SHOWN ? `${shown} and ${names.length - MAX_SHOWN} more` : shown;
}

const MAX_SHOWN = 10;
