import { LinkedList } from '../linked-list.ts';

/** Something that must be over by a moment of `performance.now()`. */
export interface Expiring {
  readonly deadline: number;
  /** Where its deadline is watched over: for `Deadlines` alone. */
  deadlineBucket: DeadlineBucket | undefined;
  deadlineIndex: number;
  expire(): void;
}

/** Those whose deadlines pass within one step. */
export interface DeadlineBucket {
  /** When all of them have passed. */
  readonly end: number;
  /** Undefined in place of those that are over. */
  readonly items: (Expiring | undefined)[];
  pending: number;
}

/** By so much a deadline may be late. */
const STEP_MS = 10;

/**
 * Watches over deadlines that are all equally far away when they are set, so that they pass in the order in which they
 * came: one timer serves them all. They are kept in buckets: to add and to delete one touches no other, of which there are
 * thousands all over the memory.
 */
export class Deadlines {
  readonly #buckets = new LinkedList<DeadlineBucket>();
  #timer: NodeJS.Timeout | undefined;

  add(item: Expiring): void {
    let bucket = this.#buckets.last;
    if (bucket === undefined || bucket.end < item.deadline) {
      bucket = { end: item.deadline + STEP_MS, items: [], pending: 0 };
      this.#buckets.append(bucket);
      this.#startTimer();
    }
    item.deadlineBucket = bucket;
    item.deadlineIndex = bucket.items.push(item) - 1;
    bucket.pending++;
  }

  /** Does nothing where it was deleted already, or has passed. */
  delete(item: Expiring): void {
    const bucket = item.deadlineBucket;
    if (bucket === undefined) return;
    item.deadlineBucket = undefined;
    bucket.items[item.deadlineIndex] = undefined;
    bucket.pending--;
  }

  /** Stops the timer, so that it does not keep the process alive. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #startTimer(): void {
    const next = this.#buckets.first;
    if (next === undefined || this.#timer !== undefined) return;
    // Timers count whole milliseconds and may be early by a part of one; where the process was busy, the end has passed.
    const delayMs = Math.max(1, Math.ceil(next.end - performance.now()));
    this.#timer = setTimeout(() => this.#expire(), delayMs);
  }

  #expire(): void {
    const now = performance.now();
    this.#timer = undefined;
    for (let next = this.#buckets.first; next !== undefined; next = this.#buckets.first) {
      if (next.pending > 0 && next.end > now) break;
      this.#buckets.shift();
      for (const item of next.items) {
        if (item === undefined) continue;
        this.delete(item);
        item.expire();
      }
    }
    this.#startTimer();
  }
}
