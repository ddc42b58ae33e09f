import { hash } from 'node:crypto';
import { LinkedList, type ListNode } from '../linked-list.ts';
import { callerHash } from './caller-hash.ts';

/** What waits for the end of a pause. */
export interface Paused {
  /** The pause may be over. */
  resume(): void;
}

/** Past it, the pause that was set first is forgotten: the REST API will say it again. */
const MAX_PAUSES = 10_000;

/** Until when which callers are to send nothing, since the REST API limits their rate. Keeps no credential. */
export class RateLimits {
  /** By `callerHash`, which costs little; the digest makes sure that nobody is taken for somebody else. */
  readonly #pauses = new Map<number, Pause>();
  readonly #now: () => number;

  /** `now`: milliseconds of a monotonic clock. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Pauses a caller, for at least as long as it is paused already. Those who wait think anew. */
  pause(authorization: string, seconds: number): void {
    const key = callerHash(authorization);
    const earlier = this.#pause(authorization);
    const until = Math.max(this.#now() + seconds * 1000, earlier?.until ?? 0);
    this.#pauses.delete(key);
    if (this.#pauses.size >= MAX_PAUSES) {
      for (const first of this.#pauses.keys()) {
        this.#pauses.delete(first);
        break;
      }
    }
    this.#pauses.set(key, new Pause(digestOf(authorization), until));
    earlier?.end();
  }

  /** How much longer a caller is paused, in milliseconds; 0 where it is not. */
  remainingMs(authorization: string): number {
    const pause = this.#pause(authorization);
    return pause === undefined ? 0 : pause.until - this.#now();
  }

  /** How many GETs of a caller wait for the end of its pause. */
  waiting(authorization: string): number {
    return this.#pause(authorization)?.waiting ?? 0;
  }

  /** Waits for the end of a caller's pause: `resume` is called then. The caller must be paused. */
  wait(authorization: string, paused: Paused): ListNode<Paused> | undefined {
    return this.#pause(authorization)?.wait(paused, this.remainingMs(authorization));
  }

  #pause(authorization: string): Pause | undefined {
    if (this.#pauses.size === 0) return undefined;
    const key = callerHash(authorization);
    const pause = this.#pauses.get(key);
    if (pause === undefined || pause.digest !== digestOf(authorization)) return undefined;
    if (pause.until > this.#now()) return pause;
    this.#pauses.delete(key);
    return undefined;
  }
}

/** One caller's pause, and those who wait for its end: one timer serves them all. */
class Pause {
  readonly digest: string;
  readonly until: number;
  readonly #waiters = new LinkedList<Paused>();
  #timer: NodeJS.Timeout | undefined;

  constructor(digest: string, until: number) {
    this.digest = digest;
    this.until = until;
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  wait(paused: Paused, remainingMs: number): ListNode<Paused> {
    this.#timer ??= setTimeout(() => this.end(), Math.ceil(remainingMs));
    return this.#waiters.append(paused);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // Whoever thinks that it is too early waits once more: only those who are there now are called.
    for (let count = this.#waiters.length; count > 0; count--) this.#waiters.shift()?.resume();
  }
}

function digestOf(authorization: string): string {
  return hash('sha256', authorization, 'base64');
}
