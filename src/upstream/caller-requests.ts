import { Line } from './bulkhead.ts';
import type { ResourceQuery } from './fetch.ts';
import { TransientMap } from './transient-map.ts';

/** A GET that others may join. */
export interface Joinable {
  readonly query: ResourceQuery;
}

/** By credential, whole, so that nobody is ever given what another one may see. */
export type Callers<T extends Joinable> = TransientMap<string, CallerRequests<T>>;

/**
 * The GETs of one caller that are in flight: for others to join who ask for the same fields of the same item, or fewer,
 * with the very same credential. It is among the callers only while it has one.
 */
export class CallerRequests<T extends Joinable> {
  readonly authorization: string;
  /** Tells callers apart well enough for counting. */
  readonly hash: number;
  /** Those that wait for a slot. */
  readonly line = new Line();
  readonly #callers: Callers<T>;
  /**
   * By the last part of the key, in which items nearly always differ: a path is much longer, and would be hashed anew for
   * each GET. Several of one path only where a later one asks for fields that an earlier one does not.
   */
  readonly #byLastPart = new TransientMap<string, T[]>();

  constructor(authorization: string, callers: Callers<T>) {
    this.authorization = authorization;
    this.hash = callerHash(authorization);
    this.#callers = callers;
  }

  /** One that brings what is asked for. */
  find(wanted: ResourceQuery): T | undefined {
    return this.#byLastPart.get(lastPart(wanted))?.find(({ query }) => brings(query, wanted));
  }

  add(request: T): void {
    const last = lastPart(request.query);
    if (this.#byLastPart.isEmpty) this.#callers.set(this.authorization, this);
    const others = this.#byLastPart.get(last);
    if (others === undefined) this.#byLastPart.set(last, [request]);
    else others.push(request);
  }

  /** Takes out a request that is not for joining any more: it is over, or was aborted. */
  delete(request: T): void {
    const last = lastPart(request.query);
    const requests = this.#byLastPart.get(last);
    const index = requests?.indexOf(request) ?? -1;
    if (requests === undefined || index === -1) return;
    if (requests.length > 1) requests.splice(index, 1);
    else this.#byLastPart.delete(last);
    if (this.#byLastPart.isEmpty) this.#callers.delete(this.authorization);
  }
}

function lastPart({ key }: ResourceQuery): string {
  return key.at(-1) ?? '';
}

/** Whether what is asked for brings what is wanted. */
function brings(asked: ResourceQuery, wanted: ResourceQuery): boolean {
  const isSameItem = asked.resource === wanted.resource && asked.path === wanted.path;
  return isSameItem && asked.fields.covers(wanted.fields);
}

const MAX_HASHED = 64;

/**
 * A number for a credential, so that nothing keeps the credential itself for longer than the GETs made with it. Two
 * callers may have the same one. It looks at the end alone: that is where tokens differ, and they may be kilobytes long.
 */
export function callerHash(authorization: string): number {
  let hash = 0x811c9dc5;
  for (let index = Math.max(0, authorization.length - MAX_HASHED); index < authorization.length; index++) {
    hash = Math.imul(hash ^ authorization.charCodeAt(index), 0x01000193);
  }
  return hash;
}
