const BITS = 31;

/**
 * A set of a resource's fields, by their place in the resource's list. Immutable, and of any size: it is the only place
 * that knows of bits.
 */
export class FieldMask {
  static readonly none = new FieldMask([]);
  /** Thirty-one fields to a word, the first ones first; the last word is not zero. */
  readonly #words: readonly number[];
  /** Tells masks of one resource apart in a Map: equal masks have equal keys. */
  readonly key: number | string;

  private constructor(words: readonly number[]) {
    this.#words = words;
    this.key = words.length <= 1 ? (words[0] ?? 0) : words.join();
  }

  /** The set of the fields at these places. */
  static of(indices: Iterable<number>): FieldMask {
    const words: number[] = [];
    for (const index of indices) {
      const word = Math.floor(index / BITS);
      while (words.length <= word) words.push(0);
      words[word] = (words[word] ?? 0) | (1 << (index % BITS));
    }
    return words.length === 0 ? FieldMask.none : new FieldMask(words);
  }

  get isEmpty(): boolean {
    return this.#words.length === 0;
  }

  has(index: number): boolean {
    return ((this.#words[Math.floor(index / BITS)] ?? 0) & (1 << (index % BITS))) !== 0;
  }

  /** Whether every field of the other set is in this one. */
  covers(other: FieldMask): boolean {
    if (other === this) return true;
    for (let word = 0; word < other.#words.length; word++) {
      if (((other.#words[word] ?? 0) & ~(this.#words[word] ?? 0)) !== 0) return false;
    }
    return true;
  }

  /** The fields of both sets. */
  union(other: FieldMask): FieldMask {
    if (this.covers(other)) return this;
    if (other.covers(this)) return other;
    const [long, short] = this.#words.length >= other.#words.length ? [this, other] : [other, this];
    return new FieldMask(long.#words.map((bits, word) => bits | (short.#words[word] ?? 0)));
  }

  /** The fields of this set that are not in the other one. */
  without(other: FieldMask): FieldMask {
    if (other.isEmpty) return this;
    if (other.covers(this)) return FieldMask.none;
    const words = this.#words.map((bits, word) => bits & ~(other.#words[word] ?? 0));
    while (words.at(-1) === 0) words.pop();
    return new FieldMask(words);
  }

  /** The places of its fields, in order. */
  indices(): number[] {
    return this.#words.flatMap((bits, word) => {
      const found: number[] = [];
      for (let bit = 0; bit < BITS; bit++) if ((bits & (1 << bit)) !== 0) found.push(word * BITS + bit);
      return found;
    });
  }
}
