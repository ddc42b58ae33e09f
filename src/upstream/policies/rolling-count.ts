/** Counts events of the last seconds, in buckets of one second. Times are milliseconds of any one monotonic clock. */
export class RollingCount {
  readonly #buckets: Uint32Array;
  #second = 0;
  #total = 0;

  constructor(seconds: number) {
    this.#buckets = new Uint32Array(seconds);
  }

  /** Counts one event. */
  add(now: number): void {
    this.#advance(now);
    const index = this.#second % this.#buckets.length;
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    this.#total++;
  }

  /** How many events the window holds. */
  total(now: number): number {
    this.#advance(now);
    return this.#total;
  }

  /** Forgets every event. */
  clear(): void {
    this.#buckets.fill(0);
    this.#total = 0;
  }

  #advance(now: number): void {
    const second = Math.floor(now / 1000);
    if (second <= this.#second) return;
    if (second - this.#second >= this.#buckets.length) this.clear();
    else {
      for (let passed = this.#second + 1; passed <= second; passed++) {
        const index = passed % this.#buckets.length;
        this.#total -= this.#buckets[index] ?? 0;
        this.#buckets[index] = 0;
      }
    }
    this.#second = second;
  }
}
