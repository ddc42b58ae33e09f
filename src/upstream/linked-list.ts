/** The place of a value in a `LinkedList`. */
export class ListNode<T> {
  readonly value: T;
  /** The list that it is in; undefined once it was removed. */
  list: LinkedList<T> | undefined;
  previous: ListNode<T> | undefined;
  next: ListNode<T> | undefined;

  constructor(value: T, list: LinkedList<T>, previous: ListNode<T> | undefined) {
    this.value = value;
    this.list = list;
    this.previous = previous;
  }
}

/** A queue from whose middle a value can be removed as cheaply as from its head. */
export class LinkedList<T> {
  #first: ListNode<T> | undefined;
  #last: ListNode<T> | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get first(): T | undefined {
    return this.#first?.value;
  }

  get last(): T | undefined {
    return this.#last?.value;
  }

  append(value: T): ListNode<T> {
    const node = new ListNode(value, this, this.#last);
    if (this.#last === undefined) this.#first = node;
    else this.#last.next = node;
    this.#last = node;
    this.#length++;
    return node;
  }

  /** Takes the first value out. */
  shift(): T | undefined {
    const node = this.#first;
    if (node !== undefined) this.remove(node);
    return node?.value;
  }

  /** Does nothing where the node was removed already. */
  remove(node: ListNode<T>): void {
    if (node.list !== this) return;
    if (node.previous === undefined) this.#first = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) this.#last = node.previous;
    else node.next.previous = node.previous;
    // A removed node that came into the old generation would keep all that were appended after it.
    node.list = node.previous = node.next = undefined;
    this.#length--;
  }
}
