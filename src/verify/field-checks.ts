import { isDeepStrictEqual } from 'node:util';
import type { FieldDecoder } from '#upstream/field-decoders.ts';
import type { Resource, ResourceField } from '#upstream/resource.ts';
import type { Answer } from './answer.ts';
import type { Check } from './check.ts';

/** Whether exactly the fields come whose flags were sent, of the item asked for, with values that the layer can read. */
export function fieldChecks(
  to: (...probes: readonly string[]) => readonly Answer[],
  { fields, matchesIdentity }: Resource,
  key: readonly string[],
): Check[] {
  const names = fields.map(({ name }) => name);
  const whole = to('all flags').filter(({ data }) => data !== undefined);
  const cameWithoutFlag = to('no flag').flatMap(({ data = {} }) => Object.keys(data));
  const unknown = list(cameWithoutFlag.filter((name) => !names.includes(name)));
  return [
    { name: 'all flags', answers: to('all flags'), flawOf: selectionFlaw(names), good: 'exactly these' },
    ...names.map(
      (name): Check => ({
        name: `flag ${name}`,
        answers: to(`flag ${name}`),
        flawOf: selectionFlaw([name]),
        good: 'it alone',
      }),
    ),
    {
      name: 'no flag',
      answers: to('no flag'),
      flawOf: ({ seen }) => seen !== '200' && seen,
      good: `${cameWithoutFlag.length} fields${unknown && `, among them ones without a flag: ${unknown}`}`,
      consequence: 'none: the layer always sends a flag',
    },
    {
      name: 'identity',
      answers: whole,
      flawOf: ({ data = {} }) => !matchesIdentity(key, data) && 'another user than the one asked for',
      good: 'the user asked for',
    },
    ...fields.map(({ name, decoder }): Check => {
      const answers = to('all flags', `flag ${name}`).filter(({ data }) => data?.[name] !== undefined);
      const isKnown = answers.some(({ data }) => data?.[name] !== null);
      return {
        name: `type of ${name}`,
        answers,
        flawOf: ({ data }) => typeFlaw(data?.[name], decoder),
        good: isKnown ? decoder.kind : 'null: its type does not show',
      };
    }),
    protectedFields(fields, whole[0], to('all flags, as a member')),
  ];
}

function selectionFlaw(asked: readonly string[]): Check['flawOf'] {
  return ({ data, seen }) => {
    if (data === undefined || seen !== '200') return seen;
    const came = Object.keys(data);
    const missing = list(asked.filter((name) => !came.includes(name)));
    const ignored = list(came.filter((name) => !asked.includes(name)));
    const flaws = [missing && `left out: ${missing}`, ignored && `the selection is ignored: also ${ignored}`];
    return flaws.filter(Boolean).join('; ') || false;
  };
}

/** Tells the JSON type, never the value: that is somebody's data. */
function typeFlaw(value: unknown, decoder: FieldDecoder): string | false {
  if (value === null || decoder.decode(value) !== undefined) return false;
  const type = Array.isArray(value) ? 'list' : typeof value === 'bigint' ? 'number' : typeof value;
  return `${type} that is no ${decoder.kind}`;
}

/** What a plain member sees of the fields that are protected: assumed is that they are left out of `data`. */
function protectedFields(
  fields: readonly ResourceField[],
  whole: Answer | undefined,
  [asMember]: readonly Answer[],
): Check {
  const { data } = asMember ?? {};
  const differing = fields.filter(({ name }) => !isDeepStrictEqual(data?.[name], whole?.data?.[name]));
  const byForm = Map.groupBy(differing, ({ name, decoder }) => formOf(data?.[name], decoder));
  const forms = Array.from(
    byForm,
    ([form, fields]) => `${form}: ${list(fields.map(({ name }) => name))}`,
  ).join('; ');
  const consequences = [...byForm.keys()].map((form) => PROTECTED_FORMS[form]).filter(Boolean);
  return {
    name: 'protected fields',
    answers: asMember === undefined || whole === undefined || differing.length === 0 ? [] : [asMember],
    flawOf: ({ data, seen }) => (data === undefined ? seen : consequences.length > 0 && forms),
    good: forms,
    consequence: data && consequences.join('; '),
    skipped:
      asMember === undefined
        ? 'VERIFY_MEMBER_TOKEN is not set'
        : whole?.data === undefined
          ? 'no answer to compare with'
          : "a member sees all of this user: use somebody else, and a plain member's token",
  };
}

function formOf(value: unknown, decoder: FieldDecoder): keyof typeof PROTECTED_FORMS {
  if (value === undefined) return 'left out';
  if (value === null) return 'null';
  return decoder.decode(value) === undefined ? 'masked, with another type' : 'masked';
}

/** What a member may see of a protected field, and what the layer answers then where it should not. */
const PROTECTED_FORMS = {
  'left out': '',
  null: 'null with isWithheld false, so that hidden looks empty',
  masked: 'a masked value as if it were the true one, with isWithheld false',
  'masked, with another type': 'UPSTREAM_BAD_RESPONSE at what has another type',
};

/** Names in a row, as many as a line can bear, none as an empty text; those of the REST API may be anything. */
function list(names: readonly string[]): string {
  const shown = names
    .slice(0, MAX_SHOWN)
    .map((name) => (/^[\w.$-]{1,40}$/.test(name) ? name : 'an odd name'))
    .join(', ');
  return names.length > MAX_SHOWN ? `${shown} and ${names.length - MAX_SHOWN} more` : shown;
}

const MAX_SHOWN = 10;
