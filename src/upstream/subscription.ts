import type { Fetch, FetchRecord, FetchResult, OnSettled, ResourceQuery, ResourceRecord } from './fetch.ts';
import type { FieldMask } from './field-mask.ts';

/** A GET that is subscribed to. */
export interface Subscribable {
  /** What it asks for. */
  readonly query: ResourceQuery;
  unsubscribe(subscription: Subscription): void;
}

/** What all subscribers of a GET are told alike. */
export type SharedRecord = Pick<FetchRecord, 'url' | 'status' | 'bytes' | 'attempts'>;

/** One caller's share in a GET. */
export class Subscription implements Fetch {
  readonly #fields: FieldMask;
  readonly #shared: boolean;
  readonly #startedAt: number;
  /** Undefined once it is settled: whoever keeps the subscription shall not keep all that the GET was. */
  #request: Subscribable | undefined;
  #onSettled: OnSettled | undefined;

  /** `shared`: whether the GET was in flight already; `startedAt`: a moment of `performance.now()`. */
  constructor(
    request: Subscribable,
    fields: FieldMask,
    shared: boolean,
    startedAt: number,
    onSettled: OnSettled,
  ) {
    this.#request = request;
    this.#fields = fields;
    this.#shared = shared;
    this.#startedAt = startedAt;
    this.#onSettled = onSettled;
  }

  cancel(): void {
    this.#request?.unsubscribe(this);
  }

  /** Tells the caller how the GET went. One caller's mistake keeps no other one waiting; the process hears of it. */
  settle(result: FetchResult, { url, status, bytes, attempts }: SharedRecord): void {
    const request = this.#request;
    const onSettled = this.#onSettled;
    if (request === undefined || onSettled === undefined) return;
    this.#request = undefined;
    this.#onSettled = undefined;
    const record: FetchRecord = {
      resource: request.query.resource.name,
      url,
      status,
      durationMs: performance.now() - this.#startedAt,
      bytes,
      attempts,
      shared: this.#shared,
      error: result.kind === 'failed' ? result.error : undefined,
    };
    try {
      onSettled(this.#narrow(result, request.query.fields), record);
    } catch (error) {
      void Promise.reject(error);
    }
  }

  /** Of what a GET brought that asked for these fields, what this caller asked for. */
  #narrow(result: FetchResult, asked: FieldMask): FetchResult {
    if (result.kind !== 'found' || this.#fields.covers(asked)) return result;
    const { present, values } = result.record;
    const record: ResourceRecord = {
      present: present.without(asked.without(this.#fields)),
      values: values.map((value, index) => (this.#fields.has(index) ? value : undefined)),
    };
    return { kind: 'found', record };
  }
}
