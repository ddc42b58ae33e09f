/**
 * A Map for entries that come and go without end.
 *
 * V8 lays out the table of a Map anew every so often, and links each old table to the next one: once one of them has come
 * into the old generation, all that follow live until the next major collection, and with them whatever was in the map
 * when one was laid out. A fifth of the memory in use was that, and moving it about cost up to 8 % of the time. So this
 * map moves to a fresh one before the chain grows long.
 */
export class TransientMap<K, V> {
  #map = new Map<K, V>();
  #additions = 0;

  get isEmpty(): boolean {
    return this.#map.size === 0;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  set(key: K, value: V): void {
    if (++this.#additions % Math.max(MIN_ADDITIONS, this.#map.size) === 0) this.#map = new Map(this.#map);
    this.#map.set(key, value);
  }

  delete(key: K): void {
    this.#map.delete(key);
  }
}

const MIN_ADDITIONS = 500;
