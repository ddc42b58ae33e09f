import { Queue } from './queue.ts';

/** What waits for a slot. */
export interface Waiter {
  /** That of its caller. */
  readonly line: Line;
  /** Until when it can wait, as a moment of `performance.now()`. */
  readonly deadline: number;
  /** Its ticket in the line, while it stands there. */
  ticket: number;
  /** The slot is held from this moment of `performance.now()` on. */
  granted(now: number): void;
}

/** One caller's line. */
export class Line {
  readonly waiters = new Queue<Waiter>();
  /** Its ticket among the lines, while anybody stands in it. */
  turn: number | undefined = undefined;
}

/**
 * Lets at most `size` GETs be under way. The others wait in one line a caller, and the lines get free slots in turn: a
 * caller waits for no more than one GET of each other caller before its own first one is sent, however many these have.
 */
export class Bulkhead {
  readonly #size: number;
  /** The lines in which somebody stands, in the order of their turns. */
  readonly #turns = new Queue<Line>();
  #taken = 0;
  #waiting = 0;
  #granting = false;

  constructor(size: number) {
    this.#size = size;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Takes a slot if one is free and nobody waits for it. */
  tryAcquire(): boolean {
    if (this.#taken >= this.#size || this.#waiting > 0) return false;
    this.#taken++;
    return true;
  }

  /** Stands in line: `granted` is called once the slot is held. */
  wait(waiter: Waiter): void {
    const { line } = waiter;
    line.turn ??= this.#turns.append(line);
    this.#waiting++;
    waiter.ticket = line.waiters.append(waiter);
  }

  /** Leaves the line; does nothing where the slot was granted or the line left already. */
  leave(waiter: Waiter): void {
    const { line } = waiter;
    if (!line.waiters.remove(waiter, waiter.ticket)) return;
    this.#waiting--;
    if (line.waiters.length > 0 || line.turn === undefined) return;
    this.#turns.remove(line, line.turn);
    line.turn = undefined;
  }

  /** Gives a slot back, at a moment of `performance.now()`: to the line whose turn it is, if anybody waits. */
  release(now: number): void {
    this.#taken--;
    // Whoever gets a slot may give it back at once: then the loop that is under way goes on, however long the lines are.
    if (this.#granting) return;
    this.#granting = true;
    try {
      while (this.#taken < this.#size && this.#grantNext(now));
    } finally {
      this.#granting = false;
    }
  }

  #grantNext(now: number): boolean {
    const line = this.#turns.shift();
    const waiter = line?.waiters.shift();
    if (line === undefined || waiter === undefined) return false;
    this.#waiting--;
    line.turn = line.waiters.length > 0 ? this.#turns.append(line) : undefined;
    this.#taken++;
    waiter.granted(now);
    return true;
  }
}
