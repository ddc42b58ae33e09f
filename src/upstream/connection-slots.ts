/**
 * Lets at most `size` GETs be under way; the others wait in line, first come first served. Standing in line here and
 * not in the pool of connections, a GET that nobody wants any more can leave, and the line can be measured.
 */
export class ConnectionSlots {
  readonly #size: number;
  readonly #line = new Set<Waiter>();
  #taken = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** How long the first in line has waited, in milliseconds; 0 where nobody waits. */
  longestWaitMs(now: number): number {
    for (const first of this.#line) return now - first.since;
    return 0;
  }

  /** Takes a slot if one is free. */
  tryAcquire(): boolean {
    if (this.#taken >= this.#size) return false;
    this.#taken++;
    return true;
  }

  /** Waits for a slot: `granted` is called once it is held. The function given back leaves the line. */
  wait(granted: () => void): () => void {
    const waiter: Waiter = { granted, since: performance.now() };
    this.#line.add(waiter);
    return () => this.#line.delete(waiter);
  }

  /** Gives a slot back: to the first in line, if anybody waits. */
  release(): void {
    for (const first of this.#line) {
      this.#line.delete(first);
      first.granted();
      return;
    }
    this.#taken--;
  }
}

interface Waiter {
  readonly granted: () => void;
  readonly since: number;
}
