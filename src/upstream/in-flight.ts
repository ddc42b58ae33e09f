import type { Exchange } from './exchange.ts';

/**
 * The GETs that are in flight, for others to join: by URL, and under that by credential. The whole credential has to be
 * the same: nobody is ever given what another one may see.
 */
export class InFlight {
  readonly #byUrl = new Map<string, Exchange[]>();

  find(authorization: string, url: string): Exchange | undefined {
    return this.#byUrl.get(url)?.find(({ caller }) => caller.authorization === authorization);
  }

  add(exchange: Exchange): void {
    const sameUrl = this.#byUrl.get(exchange.url);
    if (sameUrl === undefined) this.#byUrl.set(exchange.url, [exchange]);
    else sameUrl.push(exchange);
  }

  /** Takes out an exchange that is not for joining any more: it is over, or given up. */
  delete(exchange: Exchange): void {
    const others = this.#byUrl.get(exchange.url)?.filter((other) => other !== exchange);
    if (others === undefined || others.length === 0) this.#byUrl.delete(exchange.url);
    else this.#byUrl.set(exchange.url, others);
  }
}
