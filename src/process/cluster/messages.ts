import { setTimeout } from 'node:timers/promises';
import type { Metric } from '#telemetry/prometheus.ts';

/** What a worker tells the primary process. Both are always of the same version, so nothing is checked. */
export type FromWorker =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'own metrics'; readonly metrics: readonly Metric[] }
  | { readonly kind: 'all metrics?' };

/** What the primary process tells a worker. */
export type FromPrimary =
  | { readonly kind: 'own metrics?' }
  | { readonly kind: 'all metrics'; readonly text: string };

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
    return await Promise.race([this.#open.promise, setTimeout(limitMs, undefined, { ref: false })]);
  }

  answer(answer: Answer): void {
    this.#open?.resolve(answer);
    this.#open = undefined;
  }
}
