/** A shorter array is not worth compacting. */
const MIN_COMPACTED = 256;

/**
 * A queue from whose middle an item can be removed as cheaply as from its head. It is an array, and its items are not
 * linked with one another: to add and to remove one touches no other, of which there may be thousands all over the memory.
 */
export class Queue<T extends object> {
  /** In order; undefined in place of those who are gone. */
  #items: (T | undefined)[] = [];
  /** All before it are gone. */
  #head = 0;
  /** The ticket of the array's first place. */
  #base = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get first(): T | undefined {
    while (this.#head < this.#items.length) {
      const item = this.#items[this.#head];
      if (item !== undefined) return item;
      this.#head++;
    }
    return undefined;
  }

  /** Gives the ticket by which the item can be removed. */
  append(item: T): number {
    if (this.#items.length >= MIN_COMPACTED) this.#compact();
    this.#length++;
    return this.#base + this.#items.push(item) - 1;
  }

  /** Takes the first item out. */
  shift(): T | undefined {
    const { first } = this;
    if (first === undefined) return undefined;
    this.#items[this.#head++] = undefined;
    this.#length--;
    return first;
  }

  /** Takes an item out by its ticket; false where it is gone. */
  remove(item: T, ticket: number): boolean {
    const index = ticket - this.#base;
    if (this.#items[index] !== item) return false;
    this.#items[index] = undefined;
    this.#length--;
    return true;
  }

  #compact(): void {
    if (this.first !== undefined && this.#head * 2 < this.#items.length) return;
    this.#base += this.#head;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
