import { isDeepStrictEqual } from 'node:util';
import type { FieldDecoder } from '#upstream/field-decoders.ts';
import type { ResourceField } from '#upstream/resource.ts';
import {
  answerTo,
  deviates,
  type Evidence,
  type Finding,
  type Findings,
  holds,
  skipped,
} from './evidence.ts';

/** Whether exactly the fields come whose flags were sent, of the user asked for, with values that the layer can read. */
export function checkFields(evidence: Evidence): Findings {
  const { fields } = evidence.resource;
  const names = fields.map(({ name }) => name);
  const forEach = (what: string, check: (field: ResourceField) => Finding) =>
    Object.fromEntries(fields.map((field) => [`${what} ${field.name}`, check(field)]));
  return {
    'all flags': selection(evidence, 'all flags', names),
    ...forEach('flag', ({ name }) => selection(evidence, `flag ${name}`, [name])),
    'no flag': noFlag(evidence, names),
    identity: identity(evidence),
    ...forEach('type of', (field) => fieldType(evidence, field)),
    'protected fields': protectedFields(evidence),
  };
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
  const asMember = answerTo(evidence, 'all flags, as a member');
  const { data: whole } = answerTo(evidence, 'all flags');
  const { data } = asMember;
  if (data === undefined)
    return deviates(asMember.seen, `${asMember.layer}, for each user whom a member reads`);
  if (whole === undefined) return skipped('no answer to compare with');

  const differing = evidence.resource.fields.filter(
    ({ name }) => !isDeepStrictEqual(data[name], whole[name]),
  );
  if (differing.length === 0) {
    return skipped("a member sees all of this user: use somebody else, and a plain member's token");
  }
  const byForm = Map.groupBy(differing, ({ name, decoder }) => formOf(data[name], decoder));
  const forms = Array.from(byForm, ([form, fields]) => ({
    form,
    names: list(fields.map(({ name }) => name)),
  }));
  const seen = join(...forms.map(({ form, names }) => `${form}: ${names}`));
  const consequence = join(
    ...forms.map(({ form, names }) => PROTECTED_FORMS[form] && `${names}: ${PROTECTED_FORMS[form]}`),
  );
  return consequence === '' ? holds(seen) : deviates(seen, consequence);
}

function formOf(value: unknown, decoder: FieldDecoder): keyof typeof PROTECTED_FORMS {
  if (value === undefined) return 'left out';
  if (value === null) return 'null';
  return decoder.decode(value) === undefined ? 'masked, with another type' : 'masked';
}

/** What a member may see of a protected field, and what the layer answers then where it should not. */
const PROTECTED_FORMS = {
  'left out': '',
  null: 'null, but isWithheld is false, so that hidden looks empty',
  masked: 'the masked value goes out as if it were the true one, and isWithheld is false',
  'masked, with another type': 'UPSTREAM_BAD_RESPONSE',
} as const;

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
