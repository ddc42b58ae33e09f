import { hash } from 'node:crypto';
import { callerHash } from './caller-hash.ts';

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

  /** Pauses a caller, for at least as long as it is paused already. */
  pause(authorization: string, seconds: number): void {
    const until = this.#now() + Math.max(seconds * 1000, this.remainingMs(authorization));
    const key = callerHash(authorization);
    this.#pauses.delete(key);
    if (this.#pauses.size >= MAX_PAUSES) {
      for (const oldest of this.#pauses.keys()) {
        this.#pauses.delete(oldest);
        break;
      }
    }
    this.#pauses.set(key, { digest: digestOf(authorization), until });
  }

  /** How much longer a caller is paused; 0 where it is not. */
  remainingMs(authorization: string): number {
    if (this.#pauses.size === 0) return 0;
    const key = callerHash(authorization);
    const pause = this.#pauses.get(key);
    if (pause === undefined) return 0;
    const remaining = pause.until - this.#now();
    if (remaining <= 0) this.#pauses.delete(key);
    return remaining > 0 && pause.digest === digestOf(authorization) ? remaining : 0;
  }
}

interface Pause {
  readonly digest: string;
  readonly until: number;
}

function digestOf(authorization: string): string {
  return hash('sha256', authorization, 'base64');
}
