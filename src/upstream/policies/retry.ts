const BACKOFF_BASE_MS = 50;
const BACKOFF_MAX_MS = 1000;

/**
 * How long to wait before the next attempt, in milliseconds: drawn at random below a bound that doubles with each attempt
 * made, so that those who failed together do not come back together; on top of what the REST API asked for, if it did.
 */
export function backoffDelayMs(attempts: number, retryAfterSeconds = 0): number {
  const bound = Math.min(BACKOFF_BASE_MS * 2 ** (attempts - 1), BACKOFF_MAX_MS);
  return retryAfterSeconds * 1000 + Math.random() * bound;
}

const RETRIES_PER_SECOND = 10;
const SHARE_OF_GETS = 0.2;

/**
 * Keeps an outage of the REST API from being multiplied by our retries: at any time the larger of 10 retries a second
 * and 20 % of the GETs of the last 10 s may be made. `now` is the moment of any one monotonic clock, in milliseconds.
 */
export class RetryBudget {
  readonly #gets = new RollingCount(10);
  readonly #retries = new RollingCount(10);
  readonly #retriesNow = new RollingCount(1);

  /** Counts a GET that the share is taken of. */
  recordGet(now: number): void {
    this.#gets.add(now);
  }

  /** Takes one retry out of the budget; false where it is spent. */
  take(now: number): boolean {
    const allowed =
      this.#retriesNow.total(now) < RETRIES_PER_SECOND ||
      this.#retries.total(now) < SHARE_OF_GETS * this.#gets.total(now);
    if (allowed) {
      this.#retriesNow.add(now);
      this.#retries.add(now);
    }
    return allowed;
  }
}

/** Counts events of the last seconds, in buckets of one second. Times are milliseconds of any one monotonic clock. */
export class RollingCount {
  readonly #buckets: Uint32Array;
  #second = 0;
  #total = 0;

  constructor(seconds: number) {
    this.#buckets = new Uint32Array(seconds);
  }

  /** Counts one event. */
  add(now: number): void {
    this.#advance(now);
    const index = this.#second % this.#buckets.length;
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    this.#total++;
  }

  /** How many events the window holds. */
  total(now: number): number {
    this.#advance(now);
    return this.#total;
  }

  /** Forgets every event. */
  clear(): void {
    this.#buckets.fill(0);
    this.#total = 0;
  }

  #advance(now: number): void {
    const second = Math.floor(now / 1000);
    if (second <= this.#second) return;
    if (second - this.#second >= this.#buckets.length) this.clear();
    else {
      for (let passed = this.#second + 1; passed <= second; passed++) {
        const index = passed % this.#buckets.length;
        this.#total -= this.#buckets[index] ?? 0;
        this.#buckets[index] = 0;
      }
    }
    this.#second = second;
  }
}
