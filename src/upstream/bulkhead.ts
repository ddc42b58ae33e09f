import { LinkedList, type ListNode } from './linked-list.ts';
import { TransientMap } from './transient-map.ts';

/** What waits for a slot. */
export interface Waiter {
  /** Whose line it stands in. */
  readonly authorization: string;
  /** Until when it can wait, as a moment of `performance.now()`. */
  readonly deadline: number;
  /** The slot is held from now on. */
  granted(): void;
}

/** A place in a caller's line. */
export type Place = ListNode<Waiter>;

/**
 * Lets at most `size` GETs be under way. The others wait in one line a caller, and the lines get free slots in turn: a
 * caller waits for no more than one GET of each other caller before its own first one is sent, however many these have.
 */
export class Bulkhead {
  readonly #size: number;
  readonly #lines = new TransientMap<string, Line>();
  /** The lines, in the order of their turns. */
  readonly #turns = new LinkedList<Line>();
  #taken = 0;
  #waiting = 0;
  #granting = false;

  constructor(size: number) {
    this.#size = size;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Those of one caller who wait; undefined where none does. */
  line(authorization: string): LinkedList<Waiter> | undefined {
    return this.#lines.get(authorization)?.waiters;
  }

  /** Takes a slot if one is free and nobody waits for it. */
  tryAcquire(): boolean {
    if (this.#taken >= this.#size || this.#waiting > 0) return false;
    this.#taken++;
    return true;
  }

  /** Stands in line: `granted` is called once the slot is held. */
  wait(waiter: Waiter): Place {
    let line = this.#lines.get(waiter.authorization);
    if (line === undefined) {
      line = new Line(this.#turns);
      this.#lines.set(waiter.authorization, line);
    }
    this.#waiting++;
    return line.waiters.append(waiter);
  }

  /** Leaves the line; does nothing where the slot was granted or the line left already. */
  leave(place: Place): void {
    const line = this.#lines.get(place.value.authorization);
    if (line === undefined || place.list !== line.waiters) return;
    line.waiters.remove(place);
    this.#left(line, place.value);
    if (line.waiters.length === 0) this.#turns.remove(line.turn);
  }

  /** Gives a slot back: to the line whose turn it is, if anybody waits. */
  release(): void {
    this.#taken--;
    // Whoever gets a slot may give it back at once: then the loop that is under way goes on, however long the lines are.
    if (this.#granting) return;
    this.#granting = true;
    try {
      while (this.#taken < this.#size && this.#grantNext());
    } finally {
      this.#granting = false;
    }
  }

  #grantNext(): boolean {
    const line = this.#turns.shift();
    const waiter = line?.waiters.shift();
    if (line === undefined || waiter === undefined) return false;
    this.#left(line, waiter);
    if (line.waiters.length > 0) line.turn = this.#turns.append(line);
    this.#taken++;
    waiter.granted();
    return true;
  }

  /** A line is there only while somebody stands in it. */
  #left(line: Line, { authorization }: Waiter): void {
    this.#waiting--;
    if (line.waiters.length === 0) this.#lines.delete(authorization);
  }
}

class Line {
  readonly waiters = new LinkedList<Waiter>();
  turn: ListNode<Line>;

  constructor(turns: LinkedList<Line>) {
    this.turn = turns.append(this);
  }
}
