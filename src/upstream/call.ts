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
  /** Path and flags, as sent. */
  readonly url: string;
  /** Whether it was in flight already, for another caller. */
  readonly shared: boolean;
  /** Undefined once the call is over: whoever keeps the call shall not keep all that the GET was. */
  #exchange: Callable | undefined;
  #answered: Answered | undefined;

  constructor(exchange: Callable, shared: boolean, answered: Answered) {
    this.url = exchange.url;
    this.shared = shared;
    this.#exchange = exchange;
    this.#answered = answered;
  }

  /** Leaves: the GET itself is given up once its last caller has left. */
  cancel(): void {
    this.#exchange?.leave(this);
  }

  /** For the exchange to say how it went. One caller's mistake keeps no other one waiting; the process hears of it. */
  answer(result: ExchangeResult): void {
    const answered = this.#answered;
    this.#exchange = undefined;
    this.#answered = undefined;
    try {
      answered?.(this, result);
    } catch (error) {
      void Promise.reject(error);
    }
  }
}
