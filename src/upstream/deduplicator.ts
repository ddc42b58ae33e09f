import type { Caller, ResourceQuery } from './fetch.ts';
import { TransientMap } from './transient-map.ts';

/** A GET that others may join. */
export interface Joinable {
  readonly query: ResourceQuery;
  readonly caller: Caller;
}

/**
 * The GETs that are in flight, for others to join who ask for the same fields of the same item, or fewer, with the very
 * same credential.
 */
export class RequestDeduplicator<T extends Joinable> {
  /** Several only where a later one asks for fields that an earlier one does not. */
  readonly #inFlight = new TransientMap<string, T[]>();

  find(query: ResourceQuery, caller: Caller): T | undefined {
    return this.#inFlight
      .get(keyOf(query, caller))
      ?.find(
        (request) => request.query.resource === query.resource && request.query.fields.covers(query.fields),
      );
  }

  add(request: T): void {
    const key = keyOf(request.query, request.caller);
    const others = this.#inFlight.get(key);
    if (others === undefined) this.#inFlight.set(key, [request]);
    else others.push(request);
  }

  /** Takes out a request that is not for joining any more: it is over, or was aborted. */
  delete(request: T): void {
    const key = keyOf(request.query, request.caller);
    const requests = this.#inFlight.get(key);
    const index = requests?.indexOf(request) ?? -1;
    if (requests === undefined || index === -1) return;
    if (requests.length === 1) this.#inFlight.delete(key);
    else requests.splice(index, 1);
  }
}

/**
 * The whole credential is part of the key, so that nobody is ever given what another one may see; neither part has a line
 * break.
 */
function keyOf({ path }: ResourceQuery, { authorization }: Caller): string {
  return `${authorization}\n${path}`;
}
