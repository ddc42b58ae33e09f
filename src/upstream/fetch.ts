import type { UpstreamError } from './errors.ts';
import type { FieldMask } from './field-mask.ts';
import type { Resource } from './resource.ts';

/** What is asked for: fields of one item. */
export interface ResourceQuery {
  readonly resource: Resource;
  /** What tells the item from others: the values of the path's parameters, in order. */
  readonly key: readonly string[];
  /** `resource.path(key)`. */
  readonly path: string;
  readonly fields: FieldMask;
}

/** The fields that an answer brought. */
export interface FoundItem {
  readonly kind: 'found';
  /** The fields that are there, be they null or of the wrong type; the others were withheld. */
  readonly present: FieldMask;
  /**
   * By a field's place in `resource.fields`: the decoded value, null, or an `UpstreamError` that stands for that field
   * alone; undefined where it was not asked for or not there.
   */
  readonly values: readonly unknown[];
}

/** What is known of an item after asking for it. */
export type FetchResult = FoundItem | { readonly kind: 'absent' } | FailedFetch;

export interface FailedFetch {
  readonly kind: 'failed';
  readonly error: UpstreamError;
}

/** On whose behalf GETs are made. */
export interface Caller {
  /** What tells callers apart: the `Authorization` header, with its scheme in one spelling. */
  readonly authorization: string;
  /** All headers to send, names and values in turn; `Authorization` is among them, as it came. */
  readonly headers: string[];
}

/** How one GET went for one of its callers, all attempts together: what log, metrics, span and report read. */
export interface FetchRecord {
  /** The resource's name. */
  readonly resource: string;
  /** Path and flags, as sent. */
  readonly url: string;
  /** HTTP status of the last attempt; null where none came. */
  readonly status: number | null;
  /** When the caller asked, as a moment of `performance.now()`, and how long it waited. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Bytes of body of all attempts. */
  readonly bytes: number;
  /** 0 where it was ended before it was sent. */
  readonly attempts: number;
  /** Whether it counts as another request's GET, which was in flight already; not where that one left before it was sent. */
  readonly shared: boolean;
  readonly error: UpstreamError | undefined;
}

/** Waits for what it asked for. */
export interface FetchReceiver {
  /** Called exactly once, with the query that was asked. */
  fetched(query: ResourceQuery, result: FetchResult, record: FetchRecord): void;
}

/** A GET, as one of its callers holds it. */
export interface Fetch {
  /** Leaves it: the receiver gets `CANCELLED`. The GET itself is aborted once its last caller has left. */
  cancel(): void;
}

/** What reads the REST API; `UpstreamClient` is one. */
export interface ResourceReader {
  fetch(query: ResourceQuery, caller: Caller, receiver: FetchReceiver): Fetch;
  /** Whether too many GETs of a caller wait already. */
  isOverloaded(authorization: string): boolean;
}
