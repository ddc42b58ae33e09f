import { AttemptTally } from './attempt-tally.ts';

/** Whether a circuit breaker lets attempts through, refuses them, or waits for what the one probe comes to. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Stands for one attempt that was let through. */
export type Permit = number;

/** What failed for fewer callers than this may be theirs alone: then the others are not refused unasked. */
const MIN_FAILED_CALLERS = 5;

/**
 * A circuit breaker; `now` is the moment of any one monotonic clock, in milliseconds. It opens when at least half of at least 20 attempts of the last 10 s failed, and more than half of
 * the callers fail in at least half of their own: what fails for one caller alone is that caller's. After 5 s it lets a
 * single probe through, which decides.
 *
 * Where nobody else has asked lately, one caller's failures open it too. Then it refuses that caller; others go on, and
 * the first one that succeeds closes it.
 */
export class Breaker {
  readonly #openMs: number;
  readonly #tally = new AttemptTally();
  #state: BreakerState = 'closed';
  /** Goes up with every change of state. A permit is the generation it was given in. */
  #generation = 1;
  #openedAt = 0;
  /** The generation in which it opened last. Who is let through beside the probe has its negative for a permit. */
  #outage = 0;
  /** By `callerHash`: those who failed in this outage. */
  #failedCallers = new Set<number>();

  constructor(openMs = 5000) {
    this.#openMs = openMs;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Whether an attempt of this caller (its `callerHash`) would be refused at this moment. */
  refuses(caller: number, now: number): boolean {
    return this.#state !== 'closed' && !this.#isProbeDue(now) && !this.#isOutsider(caller);
  }

  /** Lets an attempt through, as the probe where it is time for one; undefined where it is refused. */
  acquire(caller: number, now: number): Permit | undefined {
    if (this.#state === 'closed') return this.#generation;
    if (this.#isProbeDue(now)) {
      this.#enter('half-open', now);
      return this.#generation;
    }
    return this.#isOutsider(caller) ? -this.#outage : undefined;
  }

  /** Whether the attempt is the probe, which everybody waits for. */
  isProbe(permit: Permit): boolean {
    return this.#state === 'half-open' && permit === this.#generation;
  }

  /** Takes in how an attempt went. One from before a change of state tells of a time that is judged already. */
  record(permit: Permit, caller: number, failed: boolean, now: number): void {
    const isOutsider = this.#state !== 'closed' && permit === -this.#outage;
    if (permit !== this.#generation && !isOutsider) return;
    if (this.#state !== 'closed') {
      if (failed) {
        this.#failedCallers.add(caller);
        if (!isOutsider) this.#enter('open', now);
        return;
      }
      this.#enter('closed', now);
    }
    this.#tally.add(caller, failed, now);
    if (failed && this.#tally.isOutage(now)) this.#open(now);
  }

  #isProbeDue(now: number): boolean {
    return this.#state === 'open' && now - this.#openedAt >= this.#openMs;
  }

  /** Whether so few callers failed that this one, who is not among them, may have nothing to do with it. */
  #isOutsider(caller: number): boolean {
    const failed = this.#failedCallers;
    return failed.size < MIN_FAILED_CALLERS && !failed.has(caller);
  }

  #open(now: number): void {
    this.#failedCallers = new Set(this.#tally.failingCallers());
    this.#enter('open', now);
    this.#outage = this.#generation;
  }

  #enter(state: BreakerState, now: number): void {
    this.#state = state;
    this.#generation++;
    this.#tally.clear();
    if (state === 'open') this.#openedAt = now;
  }
}
