import type { Worker } from 'node:cluster';
import { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Metric } from '#telemetry/prometheus.ts';

/** What the processes of a cluster tell each other; `x?` asks for `x`. */
interface Messages {
  /** A worker serves GraphQL at this address. */
  listening: [url: string];
  'own metrics?': [];
  'own metrics': [metrics: readonly Metric[]];
  'all metrics?': [];
  'all metrics': [text: string];
}

/** The process at the other end: a worker, or its primary process. Emits what it tells, unchecked: both are of one version. */
export class Peer extends EventEmitter<Messages> {
  readonly #worker: Worker;

  /** `worker`: as `node:cluster` has it in either process. */
  constructor(worker: Worker) {
    super();
    this.#worker = worker;
    worker.on('message', ([name, value]) => this.emit(name, value));
  }

  tell<Name extends keyof Messages>(name: Name, ...value: Messages[Name]): void {
    if (this.#worker.isConnected()) this.#worker.send([name, ...value]);
  }

  /** Gives the answer, or undefined where none came within the limit. */
  async ask<Name extends 'own metrics' | 'all metrics'>(
    name: Name,
    limitMs: number,
  ): Promise<Messages[Name][0] | undefined> {
    const { promise, resolve } = Promise.withResolvers<Messages[Name][0]>();
    const listener = (answer: Messages[Name][0]) => resolve(answer);
    this.on(name, listener);
    this.tell(`${name}?`);
    const answer = await Promise.race([promise, setTimeout(limitMs, undefined, { ref: false })]);
    this.off(name, listener);
    return answer;
  }
}

/** Whoever calls it while it works gets the same answer. */
export function singleFlight<Answer>(work: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return () => {
    answer ??= work().finally(() => {
      answer = undefined;
    });
    return answer;
  };
}
