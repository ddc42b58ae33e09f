import { type Answered, Call, type Callable, type Caller } from './call.ts';
import type { SlotHolder } from './connection-slots.ts';
import type { Expiring } from './deadlines.ts';
import { CancelledError, DeadlineError, UnavailableError } from './errors.ts';
import type { Exchanger } from './exchanger.ts';
import type { InFlight } from './in-flight.ts';
import { interpret, type Outcome, type Question } from './outcome.ts';
import { drawPauseMs } from './pause.ts';
import type { Reply, ReplyReceiver, Sending } from './reply.ts';

/** How one GET went, all its tries together. */
export interface ExchangeResult {
  readonly outcome: Outcome;
  /** HTTP status of the last try; null where none came. */
  readonly status: number | null;
  /** Bytes of body of all tries. */
  readonly bytes: number;
  readonly attempts: number;
}

/** Where an exchange stands: what it waits for. */
type Phase = 'new' | 'in line' | 'sending' | 'pausing' | 'over';

const NOBODY: Call[] = [];

/**
 * One GET with all its tries, under one deadline that runs from the start: over waiting for a connection, connecting, the
 * answer, and the pauses between tries. Written with callbacks, not promises: it is made for every user that anybody
 * reads, and thousands may be under way.
 */
export class Exchange implements Callable, Expiring, SlotHolder, ReplyReceiver {
  /** What `InFlight` knows it by. */
  readonly key: string;
  readonly url: string;
  readonly caller: Caller;
  readonly deadline: number;
  readonly #tools: Exchanger;
  readonly #question: Question;
  readonly #inFlight: InFlight;
  #phase: Phase = 'new';
  /** Those who wait for it. */
  #calls: Call[] = NOBODY;
  #sending: Sending | undefined;
  #pause: NodeJS.Timeout | undefined;
  /** Takes whether the try failed, where it is the circuit breaker's probe. */
  #probe: ((failed: boolean) => void) | undefined;
  #era = 0;
  #sentAt = 0;
  #attempts = 0;
  #status: number | null = null;
  #bytes = 0;

  constructor(
    tools: Exchanger,
    question: Question,
    url: string,
    key: string,
    caller: Caller,
    inFlight: InFlight,
  ) {
    this.key = key;
    this.url = url;
    this.caller = caller;
    this.deadline = performance.now() + tools.timeoutMs;
    this.#tools = tools;
    this.#question = question;
    this.#inFlight = inFlight;
  }

  /** Lets one more caller wait for the result. `answered` is called exactly once. */
  join(shared: boolean, answered: Answered): Call {
    const call = new Call(this, shared, answered);
    // Nearly always the only one: an array that is pushed to has room for seventeen.
    if (this.#calls.length === 0) this.#calls = [call];
    else this.#calls.push(call);
    return call;
  }

  /** Lets a caller go. The last one's leaving gives the GET up; but a probe goes on, for the breaker waits for it. */
  leave(call: Call): void {
    if (!this.#calls.includes(call)) return;
    this.#calls = this.#calls.filter((other) => other !== call);
    if (this.#calls.length === 0) {
      this.#inFlight.delete(this);
      if (this.#probe === undefined) this.#stop();
    }
    call.answer(this.#result({ kind: 'failed', error: new CancelledError() }));
  }

  start(): void {
    this.#tools.budget.recordGet();
    this.#tools.deadlines.add(this);
    this.#try();
  }

  /** The deadline has passed. */
  expire(): void {
    if (this.#phase === 'sending') this.#report(null, true);
    this.#stop();
    this.#finish({ kind: 'failed', error: new DeadlineError(this.#tools.timeoutMs) });
  }

  /** A slot is ours: sends the GET. */
  granted(): void {
    const { breaker, slots, transport } = this.#tools;
    const { verdict } = breaker;
    if (this.#phase === 'over' || verdict === 'hold back') {
      slots.release();
      if (this.#phase !== 'over') this.#holdBack();
      return;
    }
    if (verdict === 'probe') this.#probe = breaker.probe();
    this.#era = breaker.era;
    this.#phase = 'sending';
    this.#attempts++;
    this.#status = null;
    this.#sentAt = performance.now();
    this.#sending = transport.send(this.url, this.caller.headers, this);
  }

  released(): void {
    this.#tools.slots.release();
  }

  /** A try came to an end. */
  received(reply: Reply): void {
    this.#sending = undefined;
    const result = interpret(reply, this.#question);
    this.#report(reply.status, result.outage);
    this.#status = reply.status;
    this.#bytes += reply.bytes;
    const pauseMs = result.transient ? drawPauseMs(this.#attempts, result.retryAfterSeconds) : undefined;
    if (pauseMs !== undefined && this.#mayRetry(pauseMs)) this.#retryAfter(pauseMs);
    else this.#finish(result.outcome);
  }

  #try(): void {
    const { breaker, slots } = this.#tools;
    // Whoever would be held back after waiting in line learns of it before.
    if (breaker.verdict === 'hold back') this.#holdBack();
    else if (slots.tryAcquire()) this.granted();
    else {
      this.#phase = 'in line';
      slots.wait(this);
    }
  }

  #mayRetry(pauseMs: number): boolean {
    const { maxAttempts, budget } = this.#tools;
    const fits = this.#attempts < maxAttempts && performance.now() + pauseMs < this.deadline;
    return this.#calls.length > 0 && fits && budget.take();
  }

  #retryAfter(pauseMs: number): void {
    this.#tools.observer.retried();
    this.#phase = 'pausing';
    this.#pause = setTimeout(() => this.#try(), pauseMs);
  }

  #holdBack(): void {
    this.#finish({ kind: 'failed', error: new UnavailableError('too many recent requests to it failed') });
  }

  /** Tells what became of a try. */
  #report(status: number | null, outage: boolean): void {
    const { observer, breaker } = this.#tools;
    observer.tried(status, performance.now() - this.#sentAt);
    if (this.#probe === undefined) breaker.record(outage, this.#era);
    else this.#probe(outage);
    this.#probe = undefined;
  }

  /** Ends whatever is being waited for. */
  #stop(): void {
    const { slots, deadlines } = this.#tools;
    if (this.#phase === 'in line') slots.leave(this);
    if (this.#phase === 'pausing') clearTimeout(this.#pause);
    if (this.#phase === 'sending') this.#sending?.giveUp();
    this.#phase = 'over';
    deadlines.delete(this);
  }

  #finish(outcome: Outcome): void {
    this.#phase = 'over';
    this.#tools.deadlines.delete(this);
    const calls = this.#calls;
    if (calls.length === 0) return;
    this.#calls = NOBODY;
    this.#inFlight.delete(this);
    const result = this.#result(outcome);
    for (const call of calls) call.answer(result);
  }

  #result(outcome: Outcome): ExchangeResult {
    return { outcome, status: this.#status, bytes: this.#bytes, attempts: this.#attempts };
  }
}
