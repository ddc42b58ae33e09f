import type { Exchange } from './exchange.ts';
import { LONGEST_CHAIN } from './longest-chain.ts';

/**
 * The GETs that are in flight, for others to join: by URL and credential. The whole credential is part of the key, so that
 * nobody is ever given what another one may see; neither part has a line break.
 */
export class InFlight {
  #exchanges = new Map<string, Exchange>();
  #added = 0;

  static key(authorization: string, url: string): string {
    return `${authorization}\n${url}`;
  }

  find(key: string): Exchange | undefined {
    return this.#exchanges.get(key);
  }

  add(exchange: Exchange): void {
    if (++this.#added % LONGEST_CHAIN === 0) this.#exchanges = new Map(this.#exchanges);
    this.#exchanges.set(exchange.key, exchange);
  }

  /** Takes out an exchange that is not for joining any more: it is over, or given up. */
  delete(exchange: Exchange): void {
    if (this.#exchanges.get(exchange.key) === exchange) this.#exchanges.delete(exchange.key);
  }
}
