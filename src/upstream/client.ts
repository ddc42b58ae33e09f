import { type Breaker, type BreakerState, createBreaker } from './breaker.ts';
import { ConnectionSlots } from './connection-slots.ts';
import { Exchange, type ExchangeResult, type Exchanger, type TryObserver } from './exchange.ts';
import type { Question, TryResult } from './outcome.ts';
import { RetryBudget } from './retry-budget.ts';
import { Transport } from './transport.ts';

export interface UpstreamOptions {
  /** Address of the REST API. */
  readonly url: URL;
  /** Deadline of one GET, retries and waiting included. */
  readonly timeoutMs: number;
  /** Tries of one GET in all. */
  readonly maxAttempts: number;
  readonly connections: number;
  readonly maxBodyBytes: number;
  /** How long an open circuit breaker holds everything back. */
  readonly breakerOpenMs?: number;
}

/** On whose behalf a GET is made. */
export interface Caller {
  /** The `Authorization` header, as it came. */
  readonly authorization: string;
  readonly requestId: string;
  /** More headers to send, names and values in turn. */
  readonly headers?: readonly string[];
}

/** A GET as one of its callers sees it. */
export interface Call {
  /** Path and flags, as sent. */
  readonly url: string;
  /** How it went. Never rejects. */
  readonly result: Promise<ExchangeResult>;
  /** Whether it was in flight already, for another caller. */
  readonly shared: boolean;
  /** Leaves: the GET itself is given up once its last caller has left. */
  cancel(): void;
}

/** What is going on at the moment. */
export interface UpstreamStatus {
  readonly breaker: BreakerState;
  readonly connections: number;
  readonly inFlight: number;
  readonly waiting: number;
}

const LONGEST_LINE = 1024;

/** The REST API: asks it for fields of items, patiently, and never twice at one moment for one caller's token. */
export class UpstreamClient {
  readonly #tools: Exchanger;
  readonly #breaker: Breaker<TryResult>;
  readonly #longestLine: number;
  readonly #inFlight = new Map<string, Flight>();

  constructor(options: UpstreamOptions, observer: TryObserver) {
    this.#breaker = createBreaker<TryResult>({
      isFailure: (result) => result.outage,
      ...(options.breakerOpenMs !== undefined && { openMs: options.breakerOpenMs }),
    });
    this.#longestLine = Math.max(LONGEST_LINE, 32 * options.connections);
    this.#tools = {
      transport: new Transport({ ...options, connectTimeoutMs: options.timeoutMs }),
      slots: new ConnectionSlots(options.connections),
      breaker: this.#breaker,
      budget: new RetryBudget(),
      timeoutMs: options.timeoutMs,
      maxAttempts: options.maxAttempts,
      observer,
    };
  }

  /**
   * Asks for fields of one item, or joins the GET that is in flight for the same URL and the very same credential.
   * The key holds the whole credential, so that nobody is ever given what another one may see.
   */
  get(path: string, question: Question, caller: Caller): Call {
    const url = path + question.resource.query(question.fields);
    const key = `${caller.authorization}\n${url}`;
    const inFlight = this.#inFlight.get(key);
    if (inFlight !== undefined) return this.#join(key, inFlight, url, true);

    const headers = ['authorization', caller.authorization, 'accept', 'application/json'];
    headers.push('x-request-id', caller.requestId, ...(caller.headers ?? []));
    const exchange = new Exchange(this.#tools, question, url, headers, () => this.#land(key, flight));
    const flight: Flight = { exchange, callers: 0 };
    this.#inFlight.set(key, flight);
    return this.#join(key, flight, url, false);
  }

  #join(key: string, flight: Flight, url: string, shared: boolean): Call {
    flight.callers++;
    let here = true;
    return {
      url,
      result: flight.exchange.result,
      shared,
      cancel: () => {
        if (here && --flight.callers === 0) {
          this.#land(key, flight);
          flight.exchange.cancel();
        }
        here = false;
      },
    };
  }

  /** From here on the GET is not for joining: it is over, or given up. */
  #land(key: string, flight: Flight): void {
    if (this.#inFlight.get(key) === flight) this.#inFlight.delete(key);
  }

  get status(): UpstreamStatus {
    const { slots, transport } = this.#tools;
    return {
      breaker: this.#breaker.state,
      connections: transport.connected,
      inFlight: slots.taken,
      waiting: slots.waiting,
    };
  }

  /** Whether so many GETs wait, or for so long, that another one would hardly be answered in time. */
  get overloaded(): boolean {
    const { slots, timeoutMs } = this.#tools;
    if (slots.waiting === 0) return false;
    return slots.waiting > this.#longestLine || slots.longestWaitMs(performance.now()) > timeoutMs / 2;
  }

  /** Closes the connections, at once: whoever stops the client has let its requests finish. */
  async close(): Promise<void> {
    await this.#tools.transport.destroy();
  }
}

/** A GET and how many callers wait for it. */
interface Flight {
  readonly exchange: Exchange;
  callers: number;
}
