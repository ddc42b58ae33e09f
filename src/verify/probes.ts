import type { Resource } from '#upstream/resource.ts';
import type { Settings } from './arguments.ts';
import type { RestAnswer } from './ask.ts';

/** One GET that is made. */
export interface Probe {
  readonly name: ProbeName;
  /** Path and query. */
  readonly path: string;
  readonly token: string | undefined;
}

export type ProbeName =
  | 'all flags'
  | 'all flags, as a member'
  | `flag ${string}`
  | 'no flag'
  | 'absent user'
  | 'bad id'
  | 'no token'
  | 'wrong token'
  | `latency ${number}`;

/** What came of the probes that were made. */
export type Answers = ReadonlyMap<ProbeName, RestAnswer>;

export const LATENCY_GETS = 20;

/** All GETs that are made, in order. The first ones show whether there is anything to check at all. */
export function planProbes(resource: Resource, settings: Settings): readonly Probe[] {
  const { community, user, token, memberToken } = settings;
  const names = resource.fields.map(({ name }) => name);
  const path = resource.path([community, user]);
  const allFlags = path + resource.query(resource.mask(names));
  const existence = resource.query(resource.existence);
  const flags = names.map(
    (name): Probe => ({ name: `flag ${name}`, path: path + resource.query(resource.mask([name])), token }),
  );
  const asMember: Probe = { name: 'all flags, as a member', path: allFlags, token: memberToken };
  return [
    ...flags.slice(0, 1),
    { name: 'all flags', path: allFlags, token },
    // Right after it, so that a value that differs is a masked one and no change.
    ...(memberToken === undefined ? [] : [asMember]),
    ...flags.slice(1),
    { name: 'no flag', path, token },
    { name: 'absent user', path: resource.path([community, absentId(user)]) + existence, token },
    { name: 'bad id', path: resource.path([community, 'not-an-id']) + existence, token },
    { name: 'no token', path: path + existence, token: undefined },
    { name: 'wrong token', path: path + existence, token: 'wrong-token' },
    ...Array.from(
      { length: LATENCY_GETS },
      (_, index): Probe => ({ name: `latency ${index + 1}`, path: allFlags, token }),
    ),
  ];
}

/** Of the same form as the user's id, so that it is absent and not bad. */
function absentId(user: string): string {
  if (!/^[0-9a-f]{24}$/i.test(user)) return 'no-such-user';
  return (/^f+$/i.test(user) ? 'e' : 'f').repeat(24);
}
