import { Queue } from '../queue.ts';

/** Something that must be over by a moment of `performance.now()`. */
export interface Expiring {
  readonly deadline: number;
  /** Where it is watched over: for `Deadlines` alone. */
  deadlineTicket: number;
  expire(): void;
}

/**
 * Watches over deadlines that are all equally far away when they are set, so that they pass in the order in which they
 * came: one timer serves them all.
 */
export class Deadlines {
  readonly #items = new Queue<Expiring>();
  #timer: NodeJS.Timeout | undefined;

  add(item: Expiring): void {
    item.deadlineTicket = this.#items.append(item);
    if (this.#timer === undefined) this.#startTimer(item, performance.now());
  }

  /** Does nothing where it was deleted already, or has passed. */
  delete(item: Expiring): void {
    this.#items.remove(item, item.deadlineTicket);
  }

  /** Stops the timer, so that it does not keep the process alive. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #startTimer({ deadline }: Expiring, now: number): void {
    clearTimeout(this.#timer);
    // Timers count whole milliseconds and may be early by a part of one. Where the process was too busy for them, answers
    // that came in time are yet to be read from their sockets: that goes first.
    const expireNext = () => setImmediate(() => this.#timer !== undefined && this.#expire());
    this.#timer = setTimeout(expireNext, Math.max(1, Math.ceil(deadline - now)));
  }

  #expire(): void {
    const now = performance.now();
    this.#timer = undefined;
    for (let item = this.#items.first; item !== undefined; item = this.#items.first) {
      if (item.deadline > now) {
        this.#startTimer(item, now);
        return;
      }
      this.#items.shift();
      item.expire();
    }
  }
}
