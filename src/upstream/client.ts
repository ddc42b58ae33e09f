import { Bulkhead } from './bulkhead.ts';
import { CallerRequests, type Callers } from './caller-requests.ts';
import { ConnectionPool } from './connection-pool.ts';
import type { Caller, Fetch, FetchReceiver, ResourceQuery, ResourceReader } from './fetch.ts';
import { Breaker, type BreakerState } from './policies/breaker.ts';
import { Deadlines } from './policies/deadlines.ts';
import { RateLimits } from './policies/rate-limits.ts';
import { RetryBudget } from './policies/retry.ts';
import { UpstreamRequest } from './request.ts';
import type { AttemptObserver, RequestOptions } from './request-options.ts';
import type { ProxySettings } from './route.ts';
import { TransientMap } from './transient-map.ts';

export interface UpstreamOptions {
  /** Address of the REST API. */
  readonly url: URL;
  /** Deadline of one GET, retries and waiting included. */
  readonly timeoutMs: number;
  /** Attempts of one GET in all. */
  readonly maxAttempts: number;
  readonly connections: number;
  readonly maxBodyBytes: number;
  /** A connection is not used again after this, so that a change of address is seen. */
  readonly connectionMaxAgeMs: number;
  /** The way to the REST API; straight by default. */
  readonly proxy?: ProxySettings | undefined;
  /** How long an open circuit breaker refuses everything. */
  readonly breakerOpenMs?: number;
}

/** What is going on at the moment. */
export interface UpstreamStatus {
  readonly breaker: BreakerState;
  readonly connections: number;
  readonly inFlight: number;
  readonly waiting: number;
}

/** The REST API: asks it for fields of items, patiently, and never twice at one moment for one caller's token. */
export class UpstreamClient implements ResourceReader {
  readonly #connections: number;
  readonly #request: RequestOptions;
  readonly #callers: Callers<UpstreamRequest> = new TransientMap();

  constructor(options: UpstreamOptions, observer: AttemptObserver) {
    const { connections, timeoutMs, maxAttempts } = options;
    const bulkhead = new Bulkhead(connections);
    this.#connections = connections;
    this.#request = {
      pool: new ConnectionPool({ ...options, connectTimeoutMs: timeoutMs }, (now) => bulkhead.release(now)),
      bulkhead,
      deadlines: new Deadlines(),
      breaker: new Breaker(options.breakerOpenMs),
      budget: new RetryBudget(),
      rateLimits: new RateLimits(),
      timeoutMs,
      maxAttempts,
      observer,
    };
  }

  /**
   * Asks for fields of one item, or joins a GET in flight that brings them for the very same credential. Where nothing
   * can be sent (circuit breaker, rate limit), the receiver is told before this returns.
   */
  fetch(query: ResourceQuery, { authorization, headers }: Caller, receiver: FetchReceiver): Fetch {
    const now = performance.now();
    const requests = this.#callers.get(authorization) ?? new CallerRequests(authorization, this.#callers);
    const inFlight = requests.find(query);
    if (inFlight !== undefined) return inFlight.subscribe(query, true, now, receiver);
    const request = new UpstreamRequest(this.#request, query, headers, requests, now);
    const subscription = request.subscribe(query, false, now, receiver);
    request.start(now);
    return subscription;
  }

  /**
   * Whether so many GETs of this caller wait that another one would hardly be answered in time: its own line is past a
   * fixed length, or, being longer than one round over all connections, does not move on fast enough. A shorter line is
   * never too long, however old: what it waits for are the GETs of others.
   */
  isOverloaded(authorization: string): boolean {
    const { rateLimits, timeoutMs } = this.#request;
    if ((rateLimits.current(authorization)?.waiting ?? 0) > MAX_LINE_LENGTH) return true;
    const line = this.#callers.get(authorization)?.line.waiters;
    if (line?.first === undefined || line.length <= this.#connections) return false;
    return line.length > MAX_LINE_LENGTH || line.first.deadline - performance.now() < timeoutMs / 2;
  }

  get status(): UpstreamStatus {
    const { breaker, bulkhead, pool } = this.#request;
    return {
      breaker: breaker.state,
      connections: pool.connected,
      inFlight: pool.busy,
      waiting: bulkhead.waiting,
    };
  }

  /** Closes the connections, at once: whoever stops the client has let its requests finish. */
  async close(): Promise<void> {
    this.#request.deadlines.stop();
    await this.#request.pool.destroy();
  }
}

/** The largest operations of ten requests at a time. */
const MAX_LINE_LENGTH = 5000;
