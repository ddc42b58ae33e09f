import type { ExchangeResult } from './exchange.ts';

/** On whose behalf GETs are made. */
export interface Caller {
  /** The `Authorization` header, as it came. */
  readonly authorization: string;
  /** All headers to send, names and values in turn; `Authorization` is among them. */
  readonly headers: string[];
}

/** Is told exactly once how a GET went. */
export type Answered = (call: Call, result: ExchangeResult) => void;

/** What a call is one of the callers of. */
export interface Callable {
  /** Path and flags, as sent. */
  readonly url: string;
  leave(call: Call): void;
}

/** A GET as one of its callers sees it. */
export class Call {
  /** Whether it was in flight already, for another caller. */
  readonly shared: boolean;
  readonly #exchange: Callable;
  readonly #answered: Answered;

  constructor(exchange: Callable, shared: boolean, answered: Answered) {
    this.shared = shared;
    this.#exchange = exchange;
    this.#answered = answered;
  }

  /** Path and flags, as sent. */
  get url(): string {
    return this.#exchange.url;
  }

  /** Leaves: the GET itself is given up once its last caller has left. */
  cancel(): void {
    this.#exchange.leave(this);
  }

  /** For the exchange to say how it went. */
  answer(result: ExchangeResult): void {
    this.#answered(this, result);
  }
}
