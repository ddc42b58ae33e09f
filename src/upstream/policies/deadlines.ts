import { LinkedList, type ListNode } from '../linked-list.ts';

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
  readonly #pending = new LinkedList<Expiring>();
  #timer: NodeJS.Timeout | undefined;

  add(item: Expiring): ListNode<Expiring> {
    this.#timer ??= setTimeout(() => this.#expire(), item.deadline - performance.now());
    return this.#pending.append(item);
  }

  delete(node: ListNode<Expiring>): void {
    this.#pending.remove(node);
  }

  /** Stops the timer, so that it does not keep the process alive. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #expire(): void {
    const now = performance.now();
    this.#timer = undefined;
    for (let item = this.#pending.first; item !== undefined; item = this.#pending.first) {
      if (item.deadline > now) {
        // Timers count whole milliseconds and may be early by a part of one.
        this.#timer = setTimeout(() => this.#expire(), Math.ceil(item.deadline - now));
        return;
      }
      this.#pending.shift();
      item.expire();
    }
  }
}
