import { AttemptTally } from './attempt-tally.ts';
import { callerHash } from './caller-hash.ts';

/** Whether a circuit breaker lets attempts through, refuses them, or waits for what the one probe comes to. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Stands for one attempt that was let through. */
export type Permit = number;

/**
 * A circuit breaker. It opens when at least half of at least 20 attempts of the last 10 s failed, and more than half of
 * the callers fail in at least half of their own: what fails for one caller alone is that caller's. After 5 s it lets a
 * single probe through, which decides.
 */
export class Breaker {
  readonly #openMs: number;
  readonly #now: () => number;
  readonly #tally = new AttemptTally();
  #state: BreakerState = 'closed';
  /** Goes up with every change of state. A permit is the generation it was given in. */
  #generation = 0;
  #openedAt = 0;

  /** `now`: milliseconds of a monotonic clock. */
  constructor(openMs = 5000, now: () => number = () => performance.now()) {
    this.#openMs = openMs;
    this.#now = now;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Whether an attempt would be refused at this moment. */
  get refuses(): boolean {
    if (this.#state === 'closed') return false;
    return this.#state === 'half-open' || this.#now() - this.#openedAt < this.#openMs;
  }

  /** Lets an attempt through, as the probe where it is time for one; undefined where it is refused. */
  acquire(): Permit | undefined {
    if (this.refuses) return undefined;
    if (this.#state === 'open') this.#enter('half-open');
    return this.#generation;
  }

  /** Whether the attempt is the probe, which everybody waits for. */
  isProbe(permit: Permit): boolean {
    return this.#state === 'half-open' && permit === this.#generation;
  }

  /** Takes in how an attempt went. One from before a change of state tells of a time that is judged already. */
  record(permit: Permit, authorization: string, failed: boolean): void {
    if (permit !== this.#generation) return;
    if (this.#state === 'half-open') {
      this.#enter(failed ? 'open' : 'closed');
      return;
    }
    const now = this.#now();
    this.#tally.add(callerHash(authorization), failed, now);
    if (failed && this.#tally.isOutage(now)) this.#enter('open');
  }

  #enter(state: BreakerState): void {
    this.#state = state;
    this.#generation++;
    this.#tally.clear();
    if (state === 'open') this.#openedAt = this.#now();
  }
}
