import type { Exchange } from './exchange.ts';

/**
 * The GETs that are in flight, for others to join: by URL and credential. The whole credential is part of the key, so that
 * nobody is ever given what another one may see; neither part has a line break.
 */
export class InFlight {
  readonly #exchanges = new Map<string, Exchange>();

  find(authorization: string, url: string): Exchange | undefined {
    return this.#exchanges.get(`${authorization}\n${url}`);
  }

  add(exchange: Exchange): void {
    this.#exchanges.set(keyOf(exchange), exchange);
  }

  /** Takes out an exchange that is not for joining any more: it is over, or given up. */
  delete(exchange: Exchange): void {
    const key = keyOf(exchange);
    if (this.#exchanges.get(key) === exchange) this.#exchanges.delete(key);
  }
}

function keyOf({ caller, url }: Exchange): string {
  return `${caller.authorization}\n${url}`;
}
