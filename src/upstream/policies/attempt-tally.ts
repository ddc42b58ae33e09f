const SECONDS = 10;
const MIN_ATTEMPTS = 20;
/** Further callers count among the attempts, and have no say of their own: what is known of so many is enough. */
const MAX_CALLERS = 5000;

/** The attempts of the last ten seconds, in steps of one second, as a whole and by caller. */
export class AttemptTally {
  readonly #total = new Counts();
  readonly #callers = new Map<number, CallerCounts>();
  #failingCallers = 0;
  /** What is to be forgotten once its second is ten seconds ago. */
  readonly #seconds: Second[] = Array.from({ length: SECONDS }, () => new Second());
  /** The second of the latest attempt. */
  #now = 0;

  /** Counts one attempt of a caller, at a moment of any one monotonic clock in milliseconds. */
  add(caller: number, failed: boolean, now: number): void {
    this.#advance(now);
    const second = this.#second(this.#now);
    const failures = failed ? 1 : 0;
    second.total.add(1, failures);
    this.#total.add(1, failures);
    let counts = this.#callers.get(caller);
    if (counts === undefined) {
      if (this.#callers.size >= MAX_CALLERS) return;
      counts = new CallerCounts(caller);
      this.#callers.set(caller, counts);
    }
    this.#change(counts, 1, failures);
    if (counts.latest?.second !== this.#now) {
      counts.latest = new SecondOfCaller(counts, this.#now);
      second.callers.push(counts.latest);
    }
    counts.latest.add(1, failures);
  }

  /** Whether enough attempts are there, most of them failed, and for most callers, be it one or a thousand. */
  isOutage(now: number): boolean {
    this.#advance(now);
    const most = this.#failingCallers * 2 > this.#callers.size;
    return this.#total.attempts >= MIN_ATTEMPTS && this.#total.failing && most;
  }

  /** Those of whose attempts at least half failed. */
  failingCallers(): number[] {
    return Array.from(this.#callers.values()).flatMap(({ caller, failing }) => (failing ? [caller] : []));
  }

  clear(): void {
    for (const second of this.#seconds) second.clear();
    this.#callers.clear();
    this.#total.clear();
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
    for (const { of, attempts, failures } of second.callers) {
      this.#change(of, -attempts, -failures);
      if (of.attempts === 0) this.#callers.delete(of.caller);
    }
    second.clear();
  }

  #change(counts: CallerCounts, attempts: number, failures: number): void {
    const before = counts.failing;
    counts.add(attempts, failures);
    if (counts.failing !== before) this.#failingCallers += before ? -1 : 1;
  }
}

class Counts {
  attempts = 0;
  failures = 0;

  /** At least half of the attempts failed. */
  get failing(): boolean {
    return this.failures > 0 && this.failures * 2 >= this.attempts;
  }

  add(attempts: number, failures: number): void {
    this.attempts += attempts;
    this.failures += failures;
  }

  clear(): void {
    this.attempts = this.failures = 0;
  }
}

class CallerCounts extends Counts {
  readonly caller: number;
  /** The part of its latest second. */
  latest: SecondOfCaller | undefined;

  constructor(caller: number) {
    super();
    this.caller = caller;
  }
}

class SecondOfCaller extends Counts {
  readonly of: CallerCounts;
  readonly second: number;

  constructor(of: CallerCounts, second: number) {
    super();
    this.of = of;
    this.second = second;
  }
}

class Second {
  readonly total = new Counts();
  callers: SecondOfCaller[] = [];

  clear(): void {
    this.total.clear();
    this.callers = [];
  }
}
