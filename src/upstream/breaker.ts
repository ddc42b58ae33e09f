import { CircuitState, circuitBreaker, handleWhenResult, type IBreaker } from 'cockatiel';
import { RollingCount } from './rolling-count.ts';

/** What a circuit breaker does at the moment: lets tries through, holds them back, or lets one probe through. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * A circuit breaker that opens when at least half of at least 20 tries of the last 10 s failed, and lets a single probe
 * through 5 s later. The states are cockatiel's; the count is ours, since cockatiel's `SamplingBreaker` keeps counting
 * failures from before a quiet time, and since a try that succeeds while all is well need not go through its promises.
 */
export class Breaker {
  readonly #tries = new RecentTries();
  readonly #policy;
  readonly #openMs: number;
  #openedAt = 0;
  /** Goes up with every change of state. */
  #era = 0;

  constructor(openMs = 5000) {
    this.#openMs = openMs;
    this.#policy = circuitBreaker(
      handleWhenResult((failed) => failed === true),
      { halfOpenAfter: openMs, breaker: this.#tries },
    );
    this.#policy.onBreak(() => {
      this.#openedAt = Date.now();
    });
    this.#policy.onStateChange(() => this.#era++);
  }

  get state(): BreakerState {
    return STATES[this.#policy.state];
  }

  /**
   * What is to become of a try: it may go on, it may go on as the probe, or it is held back. While a probe is under way,
   * cockatiel would let the others wait for it; they had better know at once.
   */
  get verdict(): 'pass' | 'probe' | 'hold back' {
    if (this.#policy.state === CircuitState.Closed) return 'pass';
    const waits = this.#policy.state === CircuitState.HalfOpen || Date.now() - this.#openedAt < this.#openMs;
    return waits ? 'hold back' : 'probe';
  }

  /** What `record` wants to know of a try that is let pass: when that was. */
  get era(): number {
    return this.#era;
  }

  /** Counts a try that was let pass. One from before a change of state tells of a time that is judged already. */
  record(failed: boolean, era: number): void {
    if (era !== this.#era || this.#policy.state !== CircuitState.Closed) return;
    if (failed) void this.#policy.execute(() => true);
    else this.#tries.success(CircuitState.Closed);
  }

  /** Lets a probe through. The function given back takes whether it failed, which decides. */
  probe(): (failed: boolean) => void {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    void this.#policy.execute(() => promise);
    return resolve;
  }
}

const STATES = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
} as const;

const FEWEST_TRIES = 20;
const SHARE_OF_FAILURES = 0.5;

class RecentTries implements IBreaker {
  readonly #tries = new RollingCount(10);
  readonly #failures = new RollingCount(10);
  state: unknown = undefined;

  success(state: CircuitState): void {
    if (state === CircuitState.HalfOpen) {
      this.#tries.clear();
      this.#failures.clear();
    }
    this.#tries.add(performance.now());
  }

  failure(state: CircuitState): boolean {
    const now = performance.now();
    this.#tries.add(now);
    this.#failures.add(now);
    if (state !== CircuitState.Closed) return true;
    const tries = this.#tries.total(now);
    return tries >= FEWEST_TRIES && this.#failures.total(now) >= SHARE_OF_FAILURES * tries;
  }
}
