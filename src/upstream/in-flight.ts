import type { Exchange } from './exchange.ts';

/**
 * The GETs that are in flight, by credential and by URL. The whole credential is the key: nobody is ever given what
 * another one may see.
 */
export class InFlight {
  readonly #byCredential = new Map<string, Map<string, Exchange>>();

  find(authorization: string, url: string): Exchange | undefined {
    return this.#byCredential.get(authorization)?.get(url);
  }

  add(exchange: Exchange): void {
    const { authorization } = exchange.caller;
    const exchanges = this.#byCredential.get(authorization);
    if (exchanges === undefined) this.#byCredential.set(authorization, new Map([[exchange.url, exchange]]));
    else exchanges.set(exchange.url, exchange);
  }

  /** Takes out an exchange that is not for joining any more: it is over, or given up. */
  delete({ caller: { authorization }, url }: Exchange): void {
    const exchanges = this.#byCredential.get(authorization);
    exchanges?.delete(url);
    if (exchanges?.size === 0) this.#byCredential.delete(authorization);
  }
}
