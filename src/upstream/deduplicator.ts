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
  /**
   * By credential, whole, so that nobody is ever given what another one may see; then by path. Two keys in turn cost half
   * of one that is made of both: each string is hashed once in its life.
   */
  readonly #callers = new TransientMap<string, TransientMap<string, T[]>>();

  find({ resource, path, fields }: ResourceQuery, { authorization }: Caller): T | undefined {
    const requests = this.#callers.get(authorization)?.get(path);
    return requests?.find(({ query }) => query.resource === resource && query.fields.covers(fields));
  }

  add(request: T): void {
    const { authorization } = request.caller;
    const { path } = request.query;
    let paths = this.#callers.get(authorization);
    if (paths === undefined) {
      paths = new TransientMap();
      this.#callers.set(authorization, paths);
    }
    // Several only where a later one asks for fields that an earlier one does not.
    const others = paths.get(path);
    if (others === undefined) paths.set(path, [request]);
    else others.push(request);
  }

  /** Takes out a request that is not for joining any more: it is over, or was aborted. */
  delete(request: T): void {
    const { authorization } = request.caller;
    const { path } = request.query;
    const paths = this.#callers.get(authorization);
    const requests = paths?.get(path);
    const index = requests?.indexOf(request) ?? -1;
    if (paths === undefined || requests === undefined || index === -1) return;
    if (requests.length > 1) requests.splice(index, 1);
    else paths.delete(path);
    if (paths.isEmpty) this.#callers.delete(authorization);
  }
}
