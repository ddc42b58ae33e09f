import { Breaker, type BreakerState } from './breaker.ts';
import type { Answered, Call, Caller } from './call.ts';
import { ConnectionSlots } from './connection-slots.ts';
import { Deadlines } from './deadlines.ts';
import { Exchange } from './exchange.ts';
import type { Exchanger, TryObserver } from './exchanger.ts';
import { InFlight } from './in-flight.ts';
import type { Question } from './outcome.ts';
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

/** What is going on at the moment. */
export interface UpstreamStatus {
  readonly breaker: BreakerState;
  readonly connections: number;
  readonly inFlight: number;
  readonly waiting: number;
}

/** Room for a hundred operations of a hundred users each; a full line is some 30 MB. */
const LONGEST_LINE = 10_000;

/** The REST API: asks it for fields of items, patiently, and never twice at one moment for one caller's token. */
export class UpstreamClient {
  readonly #tools: Exchanger;
  readonly #longestLine: number;
  readonly #inFlight = new InFlight();

  constructor(options: UpstreamOptions, observer: TryObserver) {
    this.#longestLine = Math.max(LONGEST_LINE, 32 * options.connections);
    this.#tools = {
      transport: new Transport({ ...options, connectTimeoutMs: options.timeoutMs }),
      slots: new ConnectionSlots(options.connections),
      deadlines: new Deadlines(),
      breaker: new Breaker(options.breakerOpenMs),
      budget: new RetryBudget(),
      timeoutMs: options.timeoutMs,
      maxAttempts: options.maxAttempts,
      observer,
    };
  }

  /**
   * Asks for fields of one item, or joins the GET that is in flight for the same URL and the very same credential. Where
   * the circuit breaker is open, `answered` is called before this returns.
   */
  get(path: string, question: Question, caller: Caller, answered: Answered): Call {
    const url = path + question.resource.query(question.fields);
    const key = InFlight.key(caller.authorization, url);
    const shared = this.#inFlight.find(key);
    if (shared !== undefined) return shared.join(true, answered);

    const exchange = new Exchange(this.#tools, question, url, key, caller, this.#inFlight);
    this.#inFlight.add(exchange);
    const call = exchange.join(false, answered);
    exchange.start();
    return call;
  }

  get status(): UpstreamStatus {
    const { slots, transport } = this.#tools;
    return {
      breaker: this.#tools.breaker.state,
      connections: transport.connected,
      inFlight: slots.taken,
      waiting: slots.waiting,
    };
  }

  /** Whether so many GETs wait, or for so long, that another one would hardly be answered in time. */
  get overloaded(): boolean {
    const { slots, timeoutMs } = this.#tools;
    const first = slots.next;
    if (first === undefined) return false;
    return slots.waiting > this.#longestLine || first.deadline - performance.now() < timeoutMs / 2;
  }

  /** Closes the connections, at once: whoever stops the client has let its requests finish. */
  async close(): Promise<void> {
    this.#tools.deadlines.clear();
    await this.#tools.transport.destroy();
  }
}
