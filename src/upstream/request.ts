import type { Line, Waiter } from './bulkhead.ts';
import type { CallerRequests } from './caller-requests.ts';
import type { Connection, ReplyReceiver } from './connection.ts';
import { cancelled, deadlinePassed, rateLimited, unavailable } from './errors.ts';
import type { FetchReceiver, FetchResult, ResourceQuery } from './fetch.ts';
import type { Permit } from './policies/breaker.ts';
import type { Expiring } from './policies/deadlines.ts';
import type { Pause, Paused } from './policies/rate-limits.ts';
import { backoffDelayMs } from './policies/retry.ts';
import { type FailedAttempt, interpret, type Reply } from './protocol/reply.ts';
import type { RequestOptions } from './request-options.ts';
import { type Subscribable, Subscription } from './subscription.ts';

/**
 * One GET with all its attempts, under one deadline that runs from the start: over waiting for a connection, connecting,
 * the response, and the pauses between attempts. Written with callbacks, not promises: it is made for every item that
 * anybody reads, and thousands may be under way. It waits in one line or pause at a time: one ticket serves both.
 */
export class UpstreamRequest implements Subscribable, Waiter, Paused, Expiring, ReplyReceiver {
  readonly query: ResourceQuery;
  readonly line: Line;
  /** Path and flags, as sent. */
  readonly url: string;
  readonly deadline: number;
  /** HTTP status of the last attempt, bytes of body of all of them, and how many there were. */
  status: number | null = null;
  bytes = 0;
  attempts = 0;
  deadlineTicket = 0;
  ticket = 0;
  readonly #options: RequestOptions;
  readonly #headers: string[];
  readonly #caller: CallerRequests<UpstreamRequest>;
  /** What it waits for. */
  #phase: 'new' | 'in line' | 'sending' | 'pausing' | 'held up' | 'over' = 'new';
  #subscriptions: Subscription[] = [];
  #rateLimit: Pause | undefined;
  #connection: Connection | undefined;
  #pause: NodeJS.Timeout | undefined;
  #permit: Permit = 0;
  #sentAt = 0;

  constructor(
    options: RequestOptions,
    query: ResourceQuery,
    headers: string[],
    caller: CallerRequests<UpstreamRequest>,
    now: number,
  ) {
    this.query = query;
    this.line = caller.line;
    this.#caller = caller;
    this.url = query.path + query.resource.query(query.fields);
    this.deadline = now + options.timeoutMs;
    this.#options = options;
    this.#headers = headers;
  }

  /** Lets one more caller, who asks for no other fields, wait for the result. */
  subscribe(query: ResourceQuery, shared: boolean, now: number, receiver: FetchReceiver): Subscription {
    const subscription = new Subscription(this, query, shared, now, receiver);
    // Nearly always the only one: an array that is pushed to has room for seventeen.
    if (this.#subscriptions.length === 0) this.#subscriptions = [subscription];
    else this.#subscriptions.push(subscription);
    return subscription;
  }

  /** Lets a caller go. With the last one the GET is aborted; but a probe goes on, for the breaker waits for it. */
  unsubscribe(subscription: Subscription): void {
    if (!this.#subscriptions.includes(subscription)) return;
    this.#subscriptions = this.#subscriptions.filter((other) => other !== subscription);
    const [next] = this.#subscriptions;
    // What was not sent yet is no GET of whoever leaves, but of the next one.
    if (next !== undefined && this.attempts === 0) next.shared &&= subscription.shared;
    if (next === undefined) {
      this.#caller.delete(this);
      if (this.#phase !== 'sending' || !this.#options.breaker.isProbe(this.#permit)) this.#stop();
    }
    subscription.settle({ kind: 'failed', error: cancelled() }, performance.now());
  }

  start(now: number): void {
    this.#caller.add(this);
    this.#options.budget.recordGet(now);
    this.#options.deadlines.add(this);
    this.resume(now);
  }

  /** Goes on to the next attempt, as soon as there is a slot for it. */
  resume(now = performance.now()): void {
    const { bulkhead } = this.#options;
    // Whoever could not be sent after waiting in line learns of it before.
    if (this.#isHeldUp(now)) return;
    if (bulkhead.tryAcquire()) this.granted(now);
    else {
      this.#phase = 'in line';
      bulkhead.wait(this);
    }
  }

  /** The deadline has passed. */
  expire(): void {
    const now = performance.now();
    if (this.#phase === 'sending') this.#report(null, true, now);
    this.#stop();
    this.#finish({ kind: 'failed', error: deadlinePassed(this.#options.timeoutMs) }, now);
  }

  /** A slot is ours: sends the GET. */
  granted(now: number): void {
    const { breaker, bulkhead, pool } = this.#options;
    const permit = this.#isHeldUp(now) ? undefined : breaker.acquire(this.#caller.hash, now);
    if (permit === undefined) {
      bulkhead.release(now);
      return;
    }
    this.#permit = permit;
    this.#phase = 'sending';
    this.attempts++;
    this.status = null;
    this.#sentAt = now;
    this.#connection = pool.take(now);
    this.#connection.send(this.url, this.#headers, this);
  }

  /** An attempt came to an end. */
  onReply(reply: Reply): void {
    const now = performance.now();
    this.#connection = undefined;
    const result = interpret(reply, this.query);
    this.#report(reply.status, result.kind === 'failed' && result.outage === true, now);
    this.#take(reply);
    if (result.kind !== 'failed' || !this.#retry(result, now)) this.#finish(result, now);
  }

  #take({ status, bytes }: Pick<Reply, 'status' | 'bytes'>): void {
    this.status = status;
    this.bytes += bytes;
  }

  /** Tries once more after a failure; false where that helps nobody, or does not fit. */
  #retry({ transient, retryAfterSeconds, pauseSeconds }: FailedAttempt, now: number): boolean {
    const { budget, maxAttempts, observer, rateLimits } = this.#options;
    if (pauseSeconds !== undefined) rateLimits.pause(this.#caller.authorization, pauseSeconds);
    const delayMs = backoffDelayMs(this.attempts, retryAfterSeconds);
    const fits = this.attempts < maxAttempts && now + delayMs < this.deadline;
    if (!transient || !fits || this.#subscriptions.length === 0) return false;
    // A pause, if not of 0 s, takes nothing of the budget: GETs that were not sent yet wait for its end as well.
    if (!pauseSeconds && !budget.take(now)) return false;
    observer.retried(this.query.resource.name);
    this.#phase = 'pausing';
    this.#pause = setTimeout(() => this.resume(), delayMs);
    return true;
  }

  /** Whether the GET is not to be sent now: then it fails, or pauses until it may be. */
  #isHeldUp(now: number): boolean {
    const { breaker, rateLimits } = this.#options;
    const { authorization, hash } = this.#caller;
    if (breaker.refuses(hash, now)) {
      this.#finish({ kind: 'failed', error: unavailable('too many recent requests to it failed') }, now);
      return true;
    }
    const pause = rateLimits.current(authorization);
    if (pause === undefined) return false;
    if (pause.until < this.deadline) {
      this.#phase = 'held up';
      this.#rateLimit = pause;
      pause.wait(this);
    } else this.#finish({ kind: 'failed', error: rateLimited(Math.ceil(pause.remainingMs / 1000)) }, now);
    return true;
  }

  /** Tells what became of an attempt. */
  #report(status: number | null, outage: boolean, now: number): void {
    const { observer, breaker } = this.#options;
    observer.attempted(this.query.resource.name, status, now - this.#sentAt);
    breaker.record(this.#permit, this.#caller.hash, outage, now);
  }

  /** Ends whatever is being waited for. */
  #stop(): void {
    if (this.#phase === 'in line') this.#options.bulkhead.leave(this);
    if (this.#phase === 'pausing') clearTimeout(this.#pause);
    if (this.#phase === 'held up') this.#rateLimit?.leave(this);
    if (this.#phase === 'sending' && this.#connection) this.#take(this.#connection.abort());
    this.#phase = 'over';
    this.#options.deadlines.delete(this);
  }

  #finish(result: FetchResult, now: number): void {
    this.#phase = 'over';
    this.#options.deadlines.delete(this);
    const subscriptions = this.#subscriptions;
    if (subscriptions.length === 0) return;
    this.#subscriptions = [];
    this.#caller.delete(this);
    for (const subscription of subscriptions) subscription.settle(result, now);
  }
}
