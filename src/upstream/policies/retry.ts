import { RollingCount } from './rolling-count.ts';

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
 * and 20 % of the GETs of the last 10 s may be made.
 */
export class RetryBudget {
  readonly #gets = new RollingCount(10);
  readonly #retries = new RollingCount(10);
  readonly #retriesNow = new RollingCount(1);
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts a GET that the share is taken of. */
  recordGet(): void {
    this.#gets.add(this.#now());
  }

  /** Takes one retry out of the budget; false where it is spent. */
  take(): boolean {
    const now = this.#now();
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
