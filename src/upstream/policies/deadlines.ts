import { LinkedList } from '../linked-list.ts';

/** Something that must be over by a moment of `performance.now()`. */
export interface Expiring {
  readonly deadline: number;
  /** Where it is watched over: for `Deadlines` alone. */
  deadlineChunk: DeadlineChunk | undefined;
  deadlineIndex: number;
  expire(): void;
}

/** Some that came one after the other; undefined in place of those that are over. */
export type DeadlineChunk = (Expiring | undefined)[];

const CHUNK_LENGTH = 256;

/**
 * Watches over deadlines that are all equally far away when they are set, so that they pass in the order in which they
 * came: one timer serves them all. They are kept in arrays, and not linked with one another: to add and to delete one
 * touches no other, of which there are thousands all over the memory.
 */
export class Deadlines {
  readonly #chunks = new LinkedList<DeadlineChunk>();
  /** As many of the first chunk are over. */
  #passed = 0;
  #timer: NodeJS.Timeout | undefined;

  add(item: Expiring): void {
    let chunk = this.#chunks.last;
    if (chunk === undefined || chunk.length === CHUNK_LENGTH) {
      chunk = [];
      this.#chunks.append(chunk);
    }
    item.deadlineChunk = chunk;
    item.deadlineIndex = chunk.push(item) - 1;
    if (this.#timer === undefined) this.#startTimer(item, performance.now());
  }

  /** Does nothing where it was deleted already, or has passed. */
  delete(item: Expiring): void {
    const chunk = item.deadlineChunk;
    if (chunk === undefined) return;
    item.deadlineChunk = undefined;
    chunk[item.deadlineIndex] = undefined;
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
    for (let item = this.#first(); item !== undefined; item = this.#first()) {
      if (item.deadline > now) {
        this.#startTimer(item, now);
        return;
      }
      this.delete(item);
      item.expire();
    }
  }

  /** The one that is to pass first. Leaves behind what is over before it. */
  #first(): Expiring | undefined {
    for (let chunk = this.#chunks.first; chunk !== undefined; chunk = this.#chunks.first) {
      for (; this.#passed < chunk.length; this.#passed++) {
        const item = chunk[this.#passed];
        if (item !== undefined) return item;
      }
      this.#chunks.shift();
      this.#passed = 0;
    }
    return undefined;
  }
}
