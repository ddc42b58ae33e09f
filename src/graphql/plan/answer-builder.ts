import { type FieldError, inOrderOfAnswer, type Json, type Path, Slot, textOf } from './answer.ts';

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

/** What an error takes in the answer beside its message and path, about: locations, code, id. */
const ERROR_SIZE = 200;

/** Puts an answer together whose parts are completed one after the other, in any order. */
export class AnswerBuilder {
  readonly root = new Slot(undefined, false);
  readonly #maxSize: number;
  readonly #errors = new Set<FieldError>();
  /** The last error at a place that must not be null. */
  #propagated: FieldError | undefined;
  readonly #done = Promise.withResolvers<PlanResult>();
  #size = 0;
  #isTooLarge = false;
  /** Parts that are waited for; the root is one. */
  #pending = 1;

  /** `maxSize`: characters that data and errors may have together. */
  constructor(maxSize: number) {
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
    this.#pending--;
    if (this.#pending > 0 || this.#isTooLarge) return;
    this.#done.resolve({ data: textOf(this.root), errors: inOrderOfAnswer(this.#errors) });
  }

  /** Takes down an error: gives the null that stands for it, or undefined where there must be none. */
  fail(thrown: unknown, path: Path, nonNull: boolean): 'null' | undefined {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.grow(ERROR_SIZE + error.message.length + pathSize(path));
    const fieldError = { error, path };
    if (!this.#isTooLarge) this.#errors.add(fieldError);
    if (!nonNull) return 'null';
    this.#propagated = fieldError;
    return undefined;
  }

  /**
   * Makes a part null although entities in it are waited for, since a field turned out null that must not be. As in
   * graphql-js, which waits for them before it passes the error on, the fields beside the object are executed all the same.
   * The null has one error: of those in one object the last, of those in several objects the first. `earlier` was there
   * before this object.
   */
  nullify(owner: Slot, earlier: FieldError | undefined): 'null' {
    const dropped = earlier === undefined ? owner.cause : this.#propagated;
    if (dropped !== undefined) this.#errors.delete(dropped);
    owner.nullify(earlier ?? this.#propagated);
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

/** What a path takes in an error, about. Its keys may be as long as a document, and stand in each error below them. */
function pathSize(path: Path): number {
  let size = 0;
  for (let at: Path | undefined = path; at !== undefined; at = at.above) size += String(at.key).length + 3;
  return size;
}
