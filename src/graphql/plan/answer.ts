import type { FieldNode } from 'graphql';

/** Where a value stands in the answer, and the nodes of the document that it comes from. */
export interface Path {
  readonly above: Path | undefined;
  readonly nodes: readonly FieldNode[];
  /** Response name, or place in a list. */
  readonly key: string | number;
  /** Place among the fields of the object, or in the list: tells which of two errors comes first. */
  readonly order: number;
}

/** The place of a field in the object at `above`. */
export function pathTo(
  { nodes, responseName, order }: Pick<Path, 'nodes' | 'order'> & { readonly responseName: string },
  above: Path | undefined,
): Path {
  return { above, nodes, key: responseName, order };
}

/** JSON text, or the parts of it in order, some of which are still to come. */
export type Json = string | Slot | readonly Json[];

/**
 * A part of the answer that is completed later, or turned into `null` by what happens below it. `owner` is the part that
 * becomes null instead, where this one must not be.
 */
export class Slot {
  readonly owner: Slot | undefined;
  readonly nonNull: boolean;
  #json: Json = 'null';
  #isNull = false;
  #cause: FieldError | undefined;

  constructor(owner: Slot | undefined, nonNull: boolean) {
    this.owner = owner;
    this.nonNull = nonNull;
  }

  get json(): Json {
    return this.#json;
  }

  complete(json: Json): void {
    if (!this.#isNull) this.#json = json;
  }

  /** The error that has made it null, if one did before all of it was there. */
  get cause(): FieldError | undefined {
    return this.#cause;
  }

  /** A null that is not allowed here is passed on to the owner (GraphQL specification §6.4.4). */
  nullify(cause?: FieldError): void {
    if (this.nonNull && this.owner !== undefined) {
      this.owner.nullify(cause);
      return;
    }
    this.#isNull = true;
    this.#json = 'null';
    this.#cause = cause;
  }

  /** The part that becomes null where something in here must not be. */
  get nullable(): Slot {
    return this.nonNull && this.owner !== undefined ? this.owner : this;
  }
}

/** The text of a part, all of which is there. */
export function textOf(json: Json): string {
  if (typeof json === 'string') return json;
  if (json instanceof Slot) return textOf(json.json);
  let text = '';
  for (const part of json) text += textOf(part);
  return text;
}

/** An error and its place. */
export interface FieldError {
  readonly error: Error;
  readonly path: Path;
}

/** As GraphQL writes a path: the outermost key first. */
export function pathKeys(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.above) keys.unshift(at.key);
  return keys;
}

/**
 * Puts errors into the order of the answer. They come up in the order in which the REST API answers, which is another one
 * each time.
 */
export function inOrderOfAnswer(errors: Iterable<FieldError>): FieldError[] {
  const all = [...errors];
  if (all.length < 2) return all;
  const ordered = all.map((error) => ({ error, orders: ordersOf(error.path) }));
  return ordered.sort((one, other) => compare(one.orders, other.orders)).map(({ error }) => error);
}

function ordersOf(path: Path): number[] {
  const orders: number[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.above) orders.unshift(at.order);
  return orders;
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (let depth = 0; depth < one.length && depth < other.length; depth++) {
    const difference = (one[depth] ?? 0) - (other[depth] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
