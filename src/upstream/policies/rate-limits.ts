import { hash } from 'node:crypto';
import { callerHash } from '../caller-requests.ts';
import { Queue } from '../queue.ts';

/** What waits for the end of a pause. */
export interface Paused {
  /** Its ticket among those who wait for the same. */
  ticket: number;
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
    const earlier = this.current(authorization);
    const until = Math.max(this.#now() + seconds * 1000, earlier?.until ?? 0);
    this.#pauses.delete(key);
    if (this.#pauses.size >= MAX_PAUSES) {
      for (const first of this.#pauses.keys()) {
        this.#pauses.delete(first);
        break;
      }
    }
    this.#pauses.set(key, new Pause(digestOf(authorization), until, this.#now));
    earlier?.end();
  }

  /** The pause of a caller; undefined where it is not paused. */
  current(authorization: string): Pause | undefined {
    if (this.#pauses.size === 0) return undefined;
    const key = callerHash(authorization);
    const pause = this.#pauses.get(key);
    if (pause === undefined || pause.digest !== digestOf(authorization)) return undefined;
    if (pause.remainingMs > 0) return pause;
    this.#pauses.delete(key);
    return undefined;
  }
}

/** One caller's pause, and those who wait for its end: one timer serves them all. */
export class Pause {
  readonly digest: string;
  /** When it ends, as a moment of its clock. */
  readonly until: number;
  readonly #now: () => number;
  readonly #waiters = new Queue<Paused>();
  #timer: NodeJS.Timeout | undefined;

  constructor(digest: string, until: number, now: () => number) {
    this.digest = digest;
    this.until = until;
    this.#now = now;
  }

  get remainingMs(): number {
    return this.until - this.#now();
  }

  /** How many GETs wait for its end. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /** Waits for its end: `resume` is called then. */
  wait(paused: Paused): void {
    if (this.#timer === undefined) this.#startTimer();
    paused.ticket = this.#waiters.append(paused);
  }

  /** Waits no longer. */
  leave(paused: Paused): void {
    this.#waiters.remove(paused, paused.ticket);
  }

  /** A timer may fire a little early by this clock: it is not over before the clock says so. */
  #startTimer(): void {
    this.#timer = setTimeout(() => {
      if (this.remainingMs > 0) this.#startTimer();
      else this.end();
    }, Math.ceil(this.remainingMs));
  }

  /** Calls those who wait. */
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
