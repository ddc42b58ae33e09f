import { GraphQLError } from 'graphql';
import type { PlannedField } from './plan.ts';

/** JSON text, or the parts of it in order, some of which are still to come. */
export type Json = string | Slot | readonly Json[];

/** An error and its place. */
export interface FieldError {
  readonly error: Error;
  readonly place: Slot;
}

/** What an execution gave. */
export interface PlanResult {
  /** JSON. */
  readonly data: string;
  /** In the order of the answer. */
  readonly errors: readonly FieldError[];
}

/** The answer grew larger than it may be. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

/** Puts an answer together whose parts are completed one after the other, in any order. */
export class Answer {
  readonly #root: Slot;
  readonly #maxSize: number;
  readonly #errors = new Set<FieldError>();
  /** The last error at a place that must not be null. */
  #propagated: FieldError | undefined;
  readonly #done = Promise.withResolvers<PlanResult>();
  #size = 0;
  #isTooLarge = false;
  /** Parts that are waited for; the root is one. */
  #pending = 1;

  /** `maxSize`: of data and errors, in characters, which are reckoned: whoever sends the answer measures it. */
  constructor(root: Slot, maxSize: number) {
    this.#root = root;
    this.#maxSize = maxSize;
  }

  /** The whole answer; rejects with `AnswerTooLarge`. */
  get result(): Promise<PlanResult> {
    return this.#done.promise;
  }

  /** Nothing that is still added matters. */
  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  /** One part more is waited for. */
  expect(): void {
    this.#pending++;
  }

  /** A part is not to be waited for after all. */
  forget(): void {
    this.#pending--;
  }

  /** Completes a part that was waited for; undefined is a null that must not be there. */
  settle(slot: Slot, json: Json | undefined): void {
    if (json === undefined) slot.nullify();
    else slot.complete(json);
    if (--this.#pending > 0 || this.#isTooLarge) return;
    this.#done.resolve({ data: textOf(this.#root), errors: inOrderOfAnswer(this.#errors) });
  }

  /** Takes down an error: gives the null that stands for it, or undefined where there must be none. */
  fail(thrown: unknown, place: Slot): 'null' | undefined {
    const error = { error: thrown instanceof Error ? thrown : new Error(String(thrown)), place };
    this.grow(errorSize(error));
    if (!this.#isTooLarge) this.#errors.add(error);
    if (!place.nonNull) return 'null';
    this.#propagated = error;
    return undefined;
  }

  /**
   * Makes a part null although entities in it are waited for, since a field turned out null that must not be. As in
   * graphql-js, the fields beside the object are executed all the same. The null has one error: of those in one object the
   * last, of those in several objects the first. `earlier` was there before this object.
   */
  nullify(slot: Slot, earlier: FieldError | undefined): 'null' {
    const dropped = earlier === undefined ? slot.cause : this.#propagated;
    if (dropped !== undefined) this.#errors.delete(dropped);
    slot.nullify(earlier ?? this.#propagated);
    return 'null';
  }

  /** Counts characters of the answer. */
  grow(size: number): void {
    this.#size += size;
    if (this.#size <= this.#maxSize || this.#isTooLarge) return;
    this.#isTooLarge = true;
    this.#done.reject(new AnswerTooLarge());
  }
}

/** A place in the answer, whose JSON is completed later, or becomes `null` by what happens below it. */
export class Slot {
  /** What it stands in; undefined for the whole answer. */
  readonly above: Slot | undefined;
  /** The field whose value stands here; undefined for the whole answer. */
  readonly field: PlannedField | undefined;
  /** Of an item of the value: its place in the list. Otherwise -1. */
  readonly index: number;
  /** The innermost place, from this one outwards, that may be null. */
  readonly nullable: Slot;
  /** The error that has made it null, if one did before all of it was there. */
  cause: FieldError | undefined;
  #json: Json | undefined;

  constructor(above?: Slot, field?: PlannedField, index = -1) {
    this.above = above;
    this.field = field;
    this.index = index;
    const nonNull = index === -1 ? field?.nonNull : field?.itemNonNull;
    this.nullable = nonNull && above !== undefined ? above.nullable : this;
    this.cause = undefined;
  }

  get nonNull(): boolean {
    return this.nullable !== this;
  }

  get json(): Json {
    return this.#json ?? 'null';
  }

  /** Does nothing where it has become null. */
  complete(json: Json): void {
    this.#json ??= json;
  }

  /** What stands here where it is not waited for: its JSON, or this place where that may still become null. */
  completed(json: Json | undefined): Json | undefined {
    if (this.nonNull) return json;
    if (json === undefined || typeof json === 'string') return json ?? 'null';
    this.complete(json);
    return this;
  }

  /** A null that is not allowed here is passed on outwards (GraphQL specification §6.4.4). */
  nullify(cause?: FieldError): void {
    this.nullable.#json = 'null';
    this.nullable.cause = cause;
  }
}

function textOf(json: Json): string {
  if (typeof json === 'string') return json;
  if (json instanceof Slot) return textOf(json.json);
  let text = '';
  for (const part of json) text += textOf(part);
  return text;
}

/** As GraphQL writes the path of a place: the outermost key first. */
export function pathKeys(place: Slot): (string | number)[] {
  return pathOf(place, ({ index }, { responseName }) => (index === -1 ? responseName : index));
}

/** What an error takes in the answer beside its message, path and locations: a short code, and no id. */
const ERROR_SIZE = 100;
/** `{"line":1,"column":1},`: each node that is merged into a field has one. */
const LOCATION_SIZE = 22;

/** What an error takes in the answer, about. The keys of a path may be as long as a document, and stand in each error. */
function errorSize({ error, place }: FieldError): number {
  const nodes = (error instanceof GraphQLError ? error.nodes : undefined) ?? place.field?.nodes ?? [];
  const path = JSON.stringify(pathKeys(place));
  return ERROR_SIZE + nodes.length * LOCATION_SIZE + error.message.length + path.length;
}

/** In the order of the answer. They come up in that of the REST API's answers, which is another one each time. */
function inOrderOfAnswer(errors: ReadonlySet<FieldError>): FieldError[] {
  if (errors.size < 2) return [...errors];
  const ordered = Array.from(errors, (error) => ({
    error,
    orders: pathOf(error.place, ({ index }, { order }) => (index === -1 ? order : index)),
  }));
  return ordered.sort((one, other) => compare(one.orders, other.orders)).map(({ error }) => error);
}

function compare(one: readonly number[], other: readonly number[]): number {
  const depth = one.findIndex((order, at) => order !== other[at]);
  return depth === -1 ? one.length - other.length : (one[depth] ?? 0) - (other[depth] ?? -1);
}

function pathOf<Key>(place: Slot, keyOf: (place: Slot, field: PlannedField) => Key): Key[] {
  const keys: Key[] = [];
  for (let at: Slot | undefined = place; at?.field !== undefined; at = at.above)
    keys.unshift(keyOf(at, at.field));
  return keys;
}
