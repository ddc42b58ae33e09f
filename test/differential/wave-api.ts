import { setImmediate } from 'node:timers/promises';
import { resolvedUser, type UserKey } from './resolvers.ts';
import { FLAGS, findUser } from './world.ts';

/** A REST API in memory that lets everybody come who can, and then answers all at once. */
export class WaveApi {
  readonly waves: string[][] = [];
  /** The fields that were asked for, by user. */
  readonly #asked = new Map<string, Set<string>>();
  #wanted = new Map<string, Set<string>>();
  #wave: Promise<void> | undefined;

  async load(key: UserKey, fields: ReadonlySet<string>): Promise<object | null> {
    const { communityId, userId } = key;
    const user = findUser(communityId, userId) ?? { status: 404 };
    const path = `/apis/v1/communities/${communityId}/users/${userId}`;
    const asked = this.#asked.get(path);
    if (asked === undefined || (user.status === 200 && !fields.isSubsetOf(asked))) {
      this.#wanted.set(path, fields.union(this.#wanted.get(path) ?? new Set()));
      this.#wave ??= setImmediate().then(() => this.#answer());
      await this.#wave;
    }
    return resolvedUser(key, user);
  }

  async idle(): Promise<void> {
    while (this.#wave !== undefined) await this.#wave;
  }

  #answer(): void {
    const gets: string[] = [];
    for (const [path, wanted] of this.#wanted) {
      const asked = this.#asked.get(path);
      const missing = FLAGS.filter((flag) => wanted.has(flag) && !asked?.has(flag));
      if (missing.length === 0) missing.push('_id');
      this.#asked.set(path, new Set([...(asked ?? []), ...missing]));
      gets.push(`${path}?${missing.join('&')}`);
    }
    this.waves.push(gets.toSorted());
    this.#wanted = new Map();
    this.#wave = undefined;
  }
}
