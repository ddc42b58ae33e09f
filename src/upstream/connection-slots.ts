/** What waits for a slot. */
export interface SlotHolder {
  /** Until when it can wait, as a moment of `performance.now()`. */
  readonly deadline: number;
  /** The slot is held from now on. */
  granted(): void;
}

/**
 * Lets at most `size` GETs be under way; the others wait in line, first come first served. Standing in line here and
 * not at a connection, a GET that nobody wants any more can leave, and the line can be measured.
 */
export class ConnectionSlots {
  readonly #size: number;
  /** Those in line stand from `#head` on; the places before it are empty. */
  #line: (SlotHolder | undefined)[] = [];
  #head = 0;
  #taken = 0;
  #granting = false;

  constructor(size: number) {
    this.#size = size;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#line.length - this.#head;
  }

  /** The first in line. */
  get next(): SlotHolder | undefined {
    return this.#line[this.#head];
  }

  /** Takes a slot if one is free and nobody waits for it. */
  tryAcquire(): boolean {
    if (this.#taken >= this.#size || this.waiting > 0) return false;
    this.#taken++;
    return true;
  }

  /** Stands in line: `granted` is called once the slot is held. */
  wait(holder: SlotHolder): void {
    this.#line.push(holder);
  }

  /** Leaves the line. */
  leave(holder: SlotHolder): void {
    // Deadlines pass in the order of the line: a long one that is given up is given up from its head.
    if (holder === this.next) this.#step();
    else this.#remove(holder);
  }

  /** Gives a slot back: to the first in line, if anybody waits. */
  release(): void {
    this.#taken--;
    // Whoever gets a slot may give it back at once: then the loop that is under way goes on, however long the line is.
    if (this.#granting) return;
    this.#granting = true;
    try {
      for (let first = this.next; first !== undefined && this.#taken < this.#size; first = this.next) {
        this.#step();
        this.#taken++;
        first.granted();
      }
    } finally {
      this.#granting = false;
    }
  }

  #remove(holder: SlotHolder): void {
    this.#line = this.#line.slice(this.#head).filter((other) => other !== holder);
    this.#head = 0;
  }

  /** Moves on by one. */
  #step(): void {
    this.#line[this.#head] = undefined;
    this.#head++;
    if (this.#head < SHORTEST_TRIM || this.#head * 2 <= this.#line.length) return;
    this.#line = this.#line.slice(this.#head);
    this.#head = 0;
  }
}

/** Places of those who have left are given up in bulk: each time, as many as there are people in line. */
const SHORTEST_TRIM = 64;
