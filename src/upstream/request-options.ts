import type { Bulkhead } from './bulkhead.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { Breaker } from './policies/breaker.ts';
import type { Deadlines } from './policies/deadlines.ts';
import type { RateLimits } from './policies/rate-limits.ts';
import type { RetryBudget } from './policies/retry.ts';

/** Is told of every single attempt. */
export interface AttemptObserver {
  attempted(resource: string, status: number | null, durationMs: number): void;
  retried(resource: string): void;
}

/** What attempts are made with; one for all GETs to one REST API. */
export interface RequestOptions {
  readonly pool: ConnectionPool;
  readonly bulkhead: Bulkhead;
  readonly deadlines: Deadlines;
  readonly breaker: Breaker;
  readonly budget: RetryBudget;
  readonly rateLimits: RateLimits;
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly observer: AttemptObserver;
}
