import type { Breaker } from './breaker.ts';
import type { ConnectionSlots } from './connection-slots.ts';
import type { Deadlines } from './deadlines.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { Transport } from './transport.ts';

/** What tries are made with; one for all GETs to one REST API. */
export interface Exchanger {
  readonly transport: Transport;
  readonly slots: ConnectionSlots;
  readonly deadlines: Deadlines;
  readonly breaker: Breaker;
  readonly budget: RetryBudget;
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly observer: TryObserver;
}

/** Is told of every single try. */
export interface TryObserver {
  tried(status: number | null, durationMs: number): void;
  retried(): void;
}
