import { BrokenCircuitError, CircuitState, circuitBreaker, handleWhenResult, type IBreaker } from 'cockatiel';
import { RollingCount } from './rolling-count.ts';

/** What a circuit breaker does at the moment: lets tries through, holds them back, or lets one probe through. */
export type BreakerState = 'closed' | 'open' | 'half-open';

export interface Breaker<Result> {
  readonly state: BreakerState;
  /** Runs a try; `undefined` where the breaker holds it back. A try that throws counts for nothing. */
  run(attempt: () => Promise<Result>): Promise<Result | undefined>;
}

export interface BreakerOptions<Result> {
  readonly isFailure: (result: Result) => boolean;
  /** How long the breaker stays open before it lets a probe through. */
  readonly openMs?: number;
}

/**
 * A circuit breaker that opens when at least half of at least 20 tries of the last 10 s failed. The states are
 * cockatiel's; the count is ours, since cockatiel's `SamplingBreaker` keeps counting failures from before a quiet time.
 */
export function createBreaker<Result>(options: BreakerOptions<Result>): Breaker<Result> {
  const isFailure = (result: unknown) => options.isFailure(result as Result);
  const policy = circuitBreaker(handleWhenResult(isFailure), {
    halfOpenAfter: options.openMs ?? 5000,
    breaker: new HalfOfRecentTries(),
  });
  return {
    get state() {
      return STATES[policy.state];
    },
    async run(attempt) {
      // Cockatiel lets the others wait for the probe; they had better know at once.
      if (policy.state === CircuitState.HalfOpen) return undefined;
      try {
        return await policy.execute(attempt);
      } catch (error) {
        if (error instanceof BrokenCircuitError) return undefined;
        throw error;
      }
    },
  };
}

const STATES = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
} as const;

const FEWEST_TRIES = 20;
const SHARE_OF_FAILURES = 0.5;

class HalfOfRecentTries implements IBreaker {
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
