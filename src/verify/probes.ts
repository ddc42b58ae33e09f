import type { ResourceQuery } from '#upstream/fetch.ts';
import type { FieldMask } from '#upstream/field-mask.ts';
import type { Resource } from '#upstream/resource.ts';
import type { Answer } from './answer.ts';
import type { Settings } from './arguments.ts';

/** One GET that is made. */
export interface Probe {
  /** What the checks find the answer by, and what is said while it is asked. */
  readonly name: string;
  readonly query: ResourceQuery;
  /** Path and flags. */
  readonly url: string;
  /** Empty where none is sent. */
  readonly token: string;
}

/** All that was asked and answered. */
export interface Evidence {
  readonly resource: Resource;
  readonly settings: Settings;
  readonly answers: ReadonlyMap<string, Answer>;
}

/** The answer to a probe that was made. */
export function answerTo({ answers }: Evidence, name: string): Answer {
  const answer = answers.get(name);
  if (answer === undefined) throw new Error(`"${name}" was not asked.`);
  return answer;
}

export const LATENCY_PROBES = Array.from({ length: 20 }, (_, index) => `latency ${index + 1}`);

/** All GETs that are made, in order. The first ones show whether there is anything to check at all. */
export function planProbes(resource: Resource, settings: Settings): readonly Probe[] {
  const { community, user, memberToken } = settings;
  const { existence } = resource;
  const names = resource.fields.map(({ name }) => name);
  const all = resource.mask(names);
  const probe = (name: string, fields: FieldMask, { id = user, token = settings.token } = {}): Probe => {
    const key = [community, id];
    const path = resource.path(key);
    const url = name === 'no flag' ? path : path + resource.query(fields);
    return { name, query: { resource, key, path, fields }, url, token };
  };
  const flags = names.map((name) => probe(`flag ${name}`, resource.mask([name])));
  return [
    ...flags.slice(0, 1),
    probe('all flags', all),
    // Right after it, so that a value that differs is a masked one and no change.
    ...(memberToken === undefined ? [] : [probe('all flags, as a member', all, { token: memberToken })]),
    ...flags.slice(1),
    probe('no flag', all),
    probe('absent user', existence, { id: absentId(user) }),
    probe('bad id', existence, { id: 'not-an-id' }),
    probe('no token', existence, { token: '' }),
    probe('wrong token', existence, { token: 'wrong-token' }),
    ...LATENCY_PROBES.map((name) => probe(name, all)),
  ];
}

/** Of the same form as the user's id, so that it is absent and not bad. */
function absentId(user: string): string {
  if (!/^[0-9a-f]{24}$/i.test(user)) return 'no-such-user';
  return (/^f+$/i.test(user) ? 'e' : 'f').repeat(24);
}
