import type { Caller, ResourceQuery } from './fetch.ts';
import { TransientMap } from './transient-map.ts';

/** A GET that others may join. */
export interface Joinable {
  /** From `deduplicationKey`. */
  readonly key: string;
  readonly query: ResourceQuery;
}

/**
 * What requests that may be joined have in common. The whole credential is part of it, so that nobody is ever given what
 * another one may see; neither part has a line break.
 */
export function deduplicationKey({ path }: ResourceQuery, { authorization }: Caller): string {
  return `${authorization}\n${path}`;
}

/**
 * The GETs that are in flight, for others to join who ask for the same fields of the same item, or fewer, with the very
 * same credential.
 */
export class RequestDeduplicator<T extends Joinable> {
  /** Several only where a later one asks for fields that an earlier one does not. */
  readonly #inFlight = new TransientMap<string, T[]>();

  find(key: string, { resource, fields }: ResourceQuery): T | undefined {
    const requests = this.#inFlight.get(key);
    return requests?.find(({ query }) => query.resource === resource && query.fields.covers(fields));
  }

  add(request: T): void {
    const others = this.#inFlight.get(request.key);
    if (others === undefined) this.#inFlight.set(request.key, [request]);
    else others.push(request);
  }

  /** Takes out a request that is not for joining any more: it is over, or was aborted. */
  delete(request: T): void {
    const requests = this.#inFlight.get(request.key);
    const index = requests?.indexOf(request) ?? -1;
    if (requests === undefined || index === -1) return;
    if (requests.length === 1) this.#inFlight.delete(request.key);
    else requests.splice(index, 1);
  }
}
