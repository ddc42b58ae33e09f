const SECONDS = 10;
/** Further callers count among the attempts, and have no say of their own: what is known of so many is enough. */
const MAX_CALLERS = 5000;

/** The attempts of the last ten seconds, in steps of one second, as a whole and by caller. */
export class AttemptTally {
  readonly #seconds: Second[] = Array.from({ length: SECONDS }, () => new Second());
  readonly #callers = new Map<number, Counts>();
  readonly #total = new Counts();
  #failingCallers = 0;
  #now = 0;

  /** Counts one attempt of a caller, at a moment of any one monotonic clock in milliseconds. */
  add(caller: number, failed: boolean, now: number): void {
    this.#advance(now);
    const second = this.#second(this.#now);
    second.total.add(1, failed ? 1 : 0);
    this.#total.add(1, failed ? 1 : 0);
    const counts = this.#callers.get(caller);
    if (counts === undefined && this.#callers.size >= MAX_CALLERS) return;
    this.#change(caller, counts ?? new Counts(), 1, failed ? 1 : 0);
    const own = second.callers.get(caller);
    if (own === undefined) second.callers.set(caller, new Counts(1, failed ? 1 : 0));
    else own.add(1, failed ? 1 : 0);
  }

  /** Whether enough attempts are there, most of them failed, and for most callers, be it one or a thousand. */
  isOutage(now: number): boolean {
    this.#advance(now);
    return (
      this.#total.attempts >= MIN_ATTEMPTS &&
      this.#total.failing &&
      this.#failingCallers * 2 > this.#callers.size
    );
  }

  /** Those of whose attempts at least half failed. */
  failingCallers(): number[] {
    return Array.from(this.#callers).flatMap(([caller, counts]) => (counts.failing ? [caller] : []));
  }

  clear(): void {
    for (const second of this.#seconds) second.clear();
    this.#callers.clear();
    this.#total.reset();
    this.#failingCallers = 0;
  }

  #second(at: number): Second {
    const second = this.#seconds[at % SECONDS];
    if (second === undefined) throw new RangeError(`There is no second ${at}`);
    return second;
  }

  #advance(now: number): void {
    const at = Math.floor(now / 1000);
    if (at - this.#now >= SECONDS) this.clear();
    else for (let passed = this.#now + 1; passed <= at; passed++) this.#forget(this.#second(passed));
    this.#now = Math.max(this.#now, at);
  }

  #forget(second: Second): void {
    this.#total.add(-second.total.attempts, -second.total.failures);
    for (const [caller, { attempts, failures }] of second.callers) {
      const counts = this.#callers.get(caller);
      if (counts !== undefined) this.#change(caller, counts, -attempts, -failures);
    }
    second.clear();
  }

  #change(caller: number, counts: Counts, attempts: number, failures: number): void {
    if (counts.failing) this.#failingCallers--;
    counts.add(attempts, failures);
    if (counts.failing) this.#failingCallers++;
    if (counts.attempts === 0) this.#callers.delete(caller);
    else if (counts.attempts === attempts) this.#callers.set(caller, counts);
  }
}

const MIN_ATTEMPTS = 20;

class Counts {
  attempts: number;
  failures: number;

  constructor(attempts = 0, failures = 0) {
    this.attempts = attempts;
    this.failures = failures;
  }

  /** At least half of the attempts failed. */
  get failing(): boolean {
    return this.attempts > 0 && this.failures * 2 >= this.attempts;
  }

  add(attempts: number, failures: number): void {
    this.attempts += attempts;
    this.failures += failures;
  }

  reset(): void {
    this.attempts = this.failures = 0;
  }
}

class Second {
  readonly total = new Counts();
  readonly callers = new Map<number, Counts>();

  clear(): void {
    this.total.reset();
    this.callers.clear();
  }
}
