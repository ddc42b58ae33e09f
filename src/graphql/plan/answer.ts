import { errorSize, inOrderOfAnswer } from './field-errors.ts';
import { type FieldError, type Json, type Slot, textOf } from './slot.ts';

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

  /** `maxSize`: characters that data and errors may have together. */
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
    this.#pending--;
    if (this.#pending > 0 || this.#isTooLarge) return;
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
   * graphql-js, which waits for them before it passes the error on, the fields beside the object are executed all the same.
   * The null has one error: of those in one object the last, of those in several objects the first. `earlier` was there
   * before this object.
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
