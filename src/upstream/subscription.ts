import type { UpstreamError } from './errors.ts';
import type { Fetch, FetchReceiver, FetchRecord, FetchResult, ResourceQuery } from './fetch.ts';
import type { FieldMask } from './field-mask.ts';

/** A GET that is subscribed to. */
export interface Subscribable extends Pick<FetchRecord, 'url' | 'status' | 'bytes' | 'attempts'> {
  /** What it asks for. */
  readonly query: ResourceQuery;
  unsubscribe(subscription: Subscription): void;
}

/** One caller's share in a GET, and the record of how it went. */
export class Subscription implements Fetch, FetchRecord {
  readonly resource: string;
  readonly url: string;
  shared: boolean;
  readonly startedAt: number;
  status: number | null = null;
  durationMs = 0;
  bytes = 0;
  attempts = 0;
  error: UpstreamError | undefined = undefined;
  readonly #query: ResourceQuery;
  /** Undefined once it is settled: whoever keeps the subscription shall not keep all that the GET was. */
  #request: Subscribable | undefined;
  #receiver: FetchReceiver | undefined;

  /** `shared`: whether the GET was in flight already; `startedAt`: a moment of `performance.now()`. */
  constructor(
    request: Subscribable,
    query: ResourceQuery,
    shared: boolean,
    startedAt: number,
    receiver: FetchReceiver,
  ) {
    this.resource = query.resource.name;
    this.url = request.url;
    this.shared = shared;
    this.#query = query;
    this.startedAt = startedAt;
    this.#request = request;
    this.#receiver = receiver;
  }

  cancel(): void {
    this.#request?.unsubscribe(this);
  }

  /** Tells the caller how the GET went. One caller's mistake keeps no other one waiting; the process hears of it. */
  settle(result: FetchResult, now: number): void {
    const request = this.#request;
    const receiver = this.#receiver;
    if (request === undefined || receiver === undefined) return;
    this.#request = undefined;
    this.#receiver = undefined;
    this.status = request.status;
    this.durationMs = now - this.startedAt;
    this.bytes = request.bytes;
    this.attempts = request.attempts;
    if (result.kind === 'failed') this.error = result.error;
    try {
      receiver.fetched(this.#query, narrow(result, request.query.fields, this.#query.fields), this);
    } catch (error) {
      void Promise.reject(error);
    }
  }
}

/** Of what a GET brought that asked for these fields, what a caller wanted of it. */
function narrow(result: FetchResult, asked: FieldMask, wanted: FieldMask): FetchResult {
  if (result.kind !== 'found' || wanted.covers(asked)) return result;
  const { present, values } = result;
  return {
    kind: 'found',
    present: present.without(asked.without(wanted)),
    values: values.map((value, index) => (wanted.has(index) ? value : undefined)),
  };
}
