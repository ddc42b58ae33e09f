import { setTimeout } from 'node:timers/promises';

/** A question to another process. It is open once at a time: whoever asks meanwhile gets the same answer. */
export class Question<Answer> {
  readonly #send: () => void;
  #open: PromiseWithResolvers<Answer> | undefined;

  /** `send` asks the other process, whose answer is to be passed to `answer`. */
  constructor(send: () => void) {
    this.#send = send;
  }

  /** Gives the answer, or undefined where none came within the limit. */
  async ask(limitMs: number): Promise<Answer | undefined> {
    if (this.#open === undefined) {
      this.#open = Promise.withResolvers<Answer>();
      this.#send();
    }
    const limit = new AbortController();
    const tooLate = setTimeout(limitMs, undefined, { signal: limit.signal }).catch(() => undefined);
    try {
      return await Promise.race([this.#open.promise, tooLate]);
    } finally {
      limit.abort();
    }
  }

  answer(answer: Answer): void {
    this.#open?.resolve(answer);
    this.#open = undefined;
  }
}
