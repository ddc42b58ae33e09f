import type { Place, Waiter } from './bulkhead.ts';
import type { Connection, ReplyReceiver } from './connection.ts';
import type { Joinable } from './deduplicator.ts';
import { cancelled, deadlinePassed, rateLimited, unavailable } from './errors.ts';
import type { Caller, FetchResult, OnSettled, ResourceQuery } from './fetch.ts';
import type { ListNode } from './linked-list.ts';
import type { Permit } from './policies/breaker.ts';
import type { Expiring } from './policies/deadlines.ts';
import type { Paused } from './policies/rate-limits.ts';
import { backoffDelayMs } from './policies/retry.ts';
import { interpret, type Reply } from './protocol/reply.ts';
import type { RequestOptions } from './request-options.ts';
import { type SharedRecord, type Subscribable, Subscription } from './subscription.ts';

/** What a request waits for. */
type Phase = 'new' | 'in line' | 'sending' | 'pausing' | 'held up' | 'over';

const NOBODY: Subscription[] = [];

/**
 * One GET with all its attempts, under one deadline that runs from the start: over waiting for a connection, connecting,
 * the response, and the pauses between attempts. Written with callbacks, not promises: it is made for every item that
 * anybody reads, and thousands may be under way.
 */
export class UpstreamRequest implements Joinable, Subscribable, Waiter, Paused, Expiring, ReplyReceiver {
  readonly query: ResourceQuery;
  readonly caller: Caller;
  /** Path and flags, as sent. */
  readonly url: string;
  readonly deadline: number;
  readonly #options: RequestOptions;
  #phase: Phase = 'new';
  #subscriptions = NOBODY;
  #expiry: ListNode<Expiring> | undefined;
  #place: Place | undefined;
  #rateLimit: ListNode<Paused> | undefined;
  #connection: Connection | undefined;
  #pause: NodeJS.Timeout | undefined;
  #permit: Permit = 0;
  #sentAt = 0;
  #attempts = 0;
  #status: number | null = null;
  #bytes = 0;

  constructor(options: RequestOptions, query: ResourceQuery, caller: Caller, now: number) {
    this.query = query;
    this.caller = caller;
    this.url = query.path + query.resource.query(query.fields);
    this.deadline = now + options.timeoutMs;
    this.#options = options;
  }

  get authorization(): string {
    return this.caller.authorization;
  }

  /** Lets one more caller, who asks for no other fields, wait for the result. */
  subscribe(query: ResourceQuery, shared: boolean, now: number, onSettled: OnSettled): Subscription {
    const subscription = new Subscription(this, query.fields, shared, now, onSettled);
    // Nearly always the only one: an array that is pushed to has room for seventeen.
    if (this.#subscriptions.length === 0) this.#subscriptions = [subscription];
    else this.#subscriptions.push(subscription);
    return subscription;
  }

  /** Lets a caller go. With the last one the GET is aborted; but a probe goes on, for the breaker waits for it. */
  unsubscribe(subscription: Subscription): void {
    if (!this.#subscriptions.includes(subscription)) return;
    this.#subscriptions = this.#subscriptions.filter((other) => other !== subscription);
    if (this.#subscriptions.length === 0) {
      const { breaker, deduplicator } = this.#options;
      deduplicator.delete(this);
      if (this.#phase !== 'sending' || !breaker.isProbe(this.#permit)) this.#stop();
    }
    subscription.settle({ kind: 'failed', error: cancelled() }, this.#record());
  }

  start(): void {
    const { budget, deadlines, deduplicator } = this.#options;
    budget.recordGet();
    deduplicator.add(this);
    this.#expiry = deadlines.add(this);
    this.resume();
  }

  /** Goes on to the next attempt, as soon as there is a slot for it. */
  resume(): void {
    const { bulkhead } = this.#options;
    // Whoever could not be sent after waiting in line learns of it before.
    if (this.#isHeldUp()) return;
    if (bulkhead.tryAcquire()) this.granted();
    else {
      this.#phase = 'in line';
      this.#place = bulkhead.wait(this);
    }
  }

  /** The deadline has passed. */
  expire(): void {
    if (this.#phase === 'sending') this.#report(null, true);
    this.#stop();
    this.#finish({ kind: 'failed', error: deadlinePassed(this.#options.timeoutMs) });
  }

  /** A slot is ours: sends the GET. */
  granted(): void {
    const { breaker, bulkhead, pool } = this.#options;
    const permit = this.#isHeldUp() ? undefined : breaker.acquire(this.authorization);
    if (permit === undefined) {
      bulkhead.release();
      return;
    }
    this.#permit = permit;
    this.#phase = 'sending';
    this.#attempts++;
    this.#status = null;
    this.#sentAt = performance.now();
    this.#connection = pool.take();
    this.#connection.send(this.url, this.caller.headers, this);
  }

  /** An attempt came to an end. */
  onReply(reply: Reply): void {
    this.#connection = undefined;
    const { result, transient, outage, retryAfterSeconds, pausesCaller } = interpret(reply, this.query);
    this.#report(reply.status, outage);
    this.#status = reply.status;
    this.#bytes += reply.bytes;
    if (pausesCaller && retryAfterSeconds !== undefined) {
      this.#options.rateLimits.pause(this.authorization, retryAfterSeconds);
    }
    const delayMs = transient ? backoffDelayMs(this.#attempts, retryAfterSeconds) : undefined;
    if (delayMs !== undefined && this.#mayRetry(delayMs)) {
      this.#options.observer.retried(this.query.resource.name);
      this.#phase = 'pausing';
      this.#pause = setTimeout(() => this.resume(), delayMs);
    } else this.#finish(result);
  }

  /** Whether the GET is not to be sent now: then it fails, or pauses until it may be. */
  #isHeldUp(): boolean {
    const { breaker, rateLimits } = this.#options;
    if (breaker.refuses(this.authorization)) {
      this.#finish({ kind: 'failed', error: unavailable('too many recent requests to it failed') });
      return true;
    }
    const pause = rateLimits.current(this.authorization);
    if (pause === undefined) return false;
    if (pause.until < this.deadline) {
      this.#phase = 'held up';
      this.#rateLimit = pause.wait(this);
    } else this.#finish({ kind: 'failed', error: rateLimited(Math.ceil(pause.remainingMs / 1000)) });
    return true;
  }

  #mayRetry(delayMs: number): boolean {
    const { maxAttempts, budget } = this.#options;
    const fits = this.#attempts < maxAttempts && performance.now() + delayMs < this.deadline;
    return this.#subscriptions.length > 0 && fits && budget.take();
  }

  /** Tells what became of an attempt. */
  #report(status: number | null, outage: boolean): void {
    const { observer, breaker } = this.#options;
    observer.attempted(this.query.resource.name, status, performance.now() - this.#sentAt);
    breaker.record(this.#permit, this.authorization, outage);
  }

  /** Ends whatever is being waited for. */
  #stop(): void {
    if (this.#phase === 'in line' && this.#place !== undefined) this.#options.bulkhead.leave(this.#place);
    if (this.#phase === 'pausing') clearTimeout(this.#pause);
    if (this.#phase === 'held up') this.#rateLimit?.list?.remove(this.#rateLimit);
    if (this.#phase === 'sending') this.#connection?.abort();
    this.#end();
  }

  #finish(result: FetchResult): void {
    this.#end();
    const subscriptions = this.#subscriptions;
    if (subscriptions.length === 0) return;
    this.#subscriptions = NOBODY;
    this.#options.deduplicator.delete(this);
    const record = this.#record();
    for (const subscription of subscriptions) subscription.settle(result, record);
  }

  #end(): void {
    this.#phase = 'over';
    if (this.#expiry !== undefined) this.#options.deadlines.delete(this.#expiry);
  }

  #record(): SharedRecord {
    return { url: this.url, status: this.#status, bytes: this.#bytes, attempts: this.#attempts };
  }
}
