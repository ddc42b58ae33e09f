import { setTimeout } from 'node:timers/promises';
import { ConnectionPool } from '#upstream/connection-pool.ts';
import type { ResourceQuery } from '#upstream/fetch.ts';
import type { FieldMask } from '#upstream/field-mask.ts';
import type { Reply } from '#upstream/protocol/reply.ts';
import type { Resource } from '#upstream/resource.ts';
import { type Answer, readAnswer } from './answer.ts';
import type { Settings } from './settings.ts';

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

/** The same GET again and again. */
export const REPEATED_PROBES = Array.from({ length: 20 }, (_, index) => `latency ${index + 1}`);

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
  const [firstFlag = [], ...flags] = names.map((name) => [probe(`flag ${name}`, resource.mask([name]))]);
  return [
    ...firstFlag,
    probe('all flags', all),
    // Right after it, so that a value that differs is a masked one and no change.
    ...(memberToken === undefined ? [] : [probe('all flags, as a member', all, { token: memberToken })]),
    ...flags.flat(),
    probe('no flag', all),
    probe('absent user', existence, { id: absentId(user) }),
    probe('bad id', existence, { id: 'not-an-id' }),
    probe('no token', existence, { token: '' }),
    probe('wrong token', existence, { token: 'wrong-token' }),
    ...REPEATED_PROBES.map((name) => probe(name, all)),
  ];
}

/** Of the same form as the user's id, so that it is absent and not bad. */
function absentId(user: string): string {
  if (!/^[0-9a-f]{24}$/i.test(user)) return 'no-such-user';
  return (/^f+$/i.test(user) ? 'e' : 'f').repeat(24);
}

/** Makes single GETs over the layer's own connections: what these do with a reply, they do to every user's. */
export class Prober implements AsyncDisposable {
  readonly #pool: ConnectionPool;
  /** Past the layer's deadline, so that a slow answer is told from none. */
  readonly #patienceMs: number;

  constructor({ upstream }: Settings) {
    this.#patienceMs = 3 * upstream.timeoutMs;
    this.#pool = new ConnectionPool({ ...upstream, connectTimeoutMs: this.#patienceMs }, () => {});
  }

  async ask({ url, token, query }: Probe): Promise<Answer> {
    const startedAt = performance.now();
    const connection = this.#pool.take(startedAt);
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const headers = ['accept', 'application/json'];
    if (token !== '') headers.push('authorization', `Bearer ${token}`);
    connection.send(url, headers, { onReply: resolve });
    const reply = await Promise.race([promise, setTimeout(this.#patienceMs, undefined, { ref: false })]);
    if (reply === undefined) connection.abort();
    const durationMs = performance.now() - startedAt;
    return readAnswer(reply, query, { durationMs, isReused: connection.openedAt < startedAt });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy();
  }
}
