import type { Breaker } from './breaker.ts';
import type { ConnectionSlots } from './connection-slots.ts';
import { CancelledError, DeadlineError, UnavailableError } from './errors.ts';
import { interpret, type Outcome, type Question, type TryResult } from './outcome.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { Transport } from './transport.ts';

/** How one GET went, all its tries together. */
export interface ExchangeResult {
  readonly outcome: Outcome;
  /** HTTP status of the last try; null where none came. */
  readonly status: number | null;
  /** Bytes of body of all tries. */
  readonly bytes: number;
  readonly attempts: number;
}

/** What tries are made with; one for all GETs to one REST API. */
export interface Exchanger {
  readonly transport: Transport;
  readonly slots: ConnectionSlots;
  readonly breaker: Breaker<TryResult>;
  readonly budget: RetryBudget;
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly observer: TryObserver;
}

/** Is told of every single try. */
export interface TryObserver {
  tried(status: number | null, durationMs: number): void;
  retried(): void;
}

type Abandonment = DeadlineError | CancelledError;

const GIVEN_UP = Symbol('given up');
const OUT_OF_TIME = { status: null, bytes: 0, transient: false, outage: true } as const;

const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/**
 * One GET with all its tries, under one deadline that runs from the start: over waiting for a connection, connecting,
 * the answer, and the pauses between tries. Settles exactly once, and never throws.
 */
export class Exchange {
  readonly result: Promise<ExchangeResult>;
  readonly #tools: Exchanger;
  readonly #question: Question;
  readonly #path: string;
  readonly #headers: string[];
  readonly #onSettled: () => void;
  readonly #deadline: number;
  readonly #deadlineTimer: NodeJS.Timeout;
  #resolve: (result: ExchangeResult) => void = () => {};
  #settled = false;
  /** Ends whatever is being waited for: a slot, an answer or a pause. */
  #interrupt: (reason: Abandonment) => void = () => {};
  #attempts = 0;
  #status: number | null = null;
  #bytes = 0;

  /** `onSettled` is called once the result is known, before anybody who waits for it learns of it. */
  constructor(tools: Exchanger, question: Question, path: string, headers: string[], onSettled: () => void) {
    this.#tools = tools;
    this.#question = question;
    this.#path = path;
    this.#headers = headers;
    this.#onSettled = onSettled;
    this.#deadline = performance.now() + tools.timeoutMs;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#deadlineTimer = setTimeout(
      () => this.#abandon(new DeadlineError(tools.timeoutMs)),
      tools.timeoutMs,
    );
    tools.budget.recordGet();
    this.#run().catch((error) => this.#settle({ kind: 'failed', error }));
  }

  /** Gives the GET up: nobody waits for it any more. */
  cancel(): void {
    this.#abandon(new CancelledError());
  }

  async #run(): Promise<void> {
    const { slots, breaker, budget, maxAttempts, observer } = this.#tools;
    for (;;) {
      if (!slots.tryAcquire() && !(await this.#slot())) return;
      if (this.#settled) return slots.release();
      let result: TryResult | undefined;
      try {
        result = await breaker.run(() => this.#try());
      } catch (error) {
        if (error === GIVEN_UP) return;
        throw error;
      } finally {
        slots.release();
      }
      if (this.#settled) return;
      if (result === undefined) return this.#settle(heldBack());
      if (!result.transient || this.#attempts >= maxAttempts) return this.#settle(result.outcome);
      const pause = this.#pauseMs(result.retryAfterSeconds);
      if (performance.now() + pause >= this.#deadline || !budget.take()) return this.#settle(result.outcome);
      observer.retried();
      if (!(await this.#pause(pause))) return;
    }
  }

  /** Waits for a slot; false where the GET was given up meanwhile. */
  #slot(): Promise<boolean> {
    return new Promise((resolve) => {
      const leave = this.#tools.slots.wait(() => resolve(true));
      this.#interrupt = () => {
        leave();
        resolve(false);
      };
    });
  }

  /** Sends the GET once. Throws `GIVEN_UP` where the client went away, since such a try says nothing of the API. */
  #try(): Promise<TryResult> {
    return new Promise((resolve, reject) => {
      const { transport, breaker, observer } = this.#tools;
      const started = performance.now();
      this.#attempts++;
      const giveUp = transport.send(this.#path, this.#headers, (reply) => {
        this.#status = reply.status;
        this.#bytes += reply.bytes;
        observer.tried(reply.status, performance.now() - started);
        resolve(interpret(reply, this.#question));
      });
      this.#interrupt = (reason) => {
        const cancelled = reason instanceof CancelledError;
        // A probe goes on without its client: the breaker waits for what it finds.
        if (cancelled && breaker.state === 'half-open') return;
        giveUp();
        if (cancelled) return reject(GIVEN_UP);
        observer.tried(null, performance.now() - started);
        resolve({ outcome: { kind: 'failed', error: reason }, ...OUT_OF_TIME });
      };
    });
  }

  #pauseMs(retryAfterSeconds: number | undefined): number {
    const longest = Math.min(SHORTEST_PAUSE_MS * 2 ** (this.#attempts - 1), LONGEST_PAUSE_MS);
    return Math.max(Math.random() * longest, (retryAfterSeconds ?? 0) * 1000);
  }

  /** Waits; false where the GET was given up meanwhile. */
  #pause(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), ms);
      this.#interrupt = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
  }

  #abandon(reason: Abandonment): void {
    if (this.#settled) return;
    this.#settle({ kind: 'failed', error: reason });
    this.#interrupt(reason);
  }

  #settle(outcome: Outcome): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#deadlineTimer);
    this.#onSettled();
    this.#resolve({ outcome, status: this.#status, bytes: this.#bytes, attempts: this.#attempts });
  }
}

function heldBack(): Outcome {
  return { kind: 'failed', error: new UnavailableError('too many recent requests to it failed') };
}
