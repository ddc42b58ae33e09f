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

/** What an error takes in the answer, about: message, path, code, id. */
const ERROR_SIZE = 250;

/** Puts an answer together whose parts are completed one after the other, in any order. */
export class AnswerBuilder {
  readonly root = new Slot(undefined, false);
  readonly #maxSize: number;
  readonly #errors: FieldError[] = [];
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
  fail(error: unknown, path: Path, nonNull: boolean): 'null' | undefined {
    this.grow(ERROR_SIZE);
    if (!this.#isTooLarge) {
      this.#errors.push({ error: error instanceof Error ? error : new Error(String(error)), path });
    }
    return nonNull ? undefined : 'null';
  }

  /** Counts characters of the answer. */
  grow(size: number): void {
    this.#size += size;
    if (this.#size <= this.#maxSize || this.#isTooLarge) return;
    this.#isTooLarge = true;
    this.#done.reject(new AnswerTooLarge());
  }
}
