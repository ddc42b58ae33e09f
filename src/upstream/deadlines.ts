import { LONGEST_CHAIN } from './longest-chain.ts';

/** Something that must be over by a moment of `performance.now()`. */
export interface Expiring {
  readonly deadline: number;
  expire(): void;
}

/**
 * Watches over deadlines that are all equally far away when they are set, so that they pass in the order in which they
 * came: one timer serves them all.
 */
export class Deadlines {
  #pending = new Set<Expiring>();
  #added = 0;
  #timer: NodeJS.Timeout | undefined;

  add(item: Expiring): void {
    if (++this.#added % LONGEST_CHAIN === 0) this.#pending = new Set(this.#pending);
    this.#pending.add(item);
    this.#timer ??= setTimeout(() => this.#expire(), item.deadline - performance.now());
  }

  delete(item: Expiring): void {
    this.#pending.delete(item);
  }

  /** Forgets everything, so that no timer keeps the process alive. */
  clear(): void {
    this.#pending.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #expire(): void {
    const now = performance.now();
    for (const item of this.#pending) {
      if (item.deadline > now) {
        // Timers count whole milliseconds and may be early by a part of one.
        this.#timer = setTimeout(() => this.#expire(), Math.ceil(item.deadline - now));
        return;
      }
      this.#pending.delete(item);
      item.expire();
    }
    this.#timer = undefined;
  }
}
