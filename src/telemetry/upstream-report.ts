import type { FetchRecord } from '#upstream/fetch.ts';
import { roundMs } from './operation-record.ts';

/** `extensions.upstream` of an answer: which GETs were made for it. */
export interface UpstreamReport {
  /** Distinct users asked for, and items of other resources. */
  readonly users: number;
  /** How many of each resource, where there are several. */
  readonly items?: Readonly<Record<string, number>>;
  readonly calls: readonly UpstreamCall[];
}

/** One GET, as the report shows it. */
export interface UpstreamCall {
  readonly method: 'GET';
  /** Path and flags. */
  readonly path: string;
  /** HTTP status of the answer; null where none came. */
  readonly status: number | null;
  /** How long the request waited for it. */
  readonly durationMs: number;
  /** Bytes of body. */
  readonly bytes: number;
  readonly attempts: number;
  /** Whether a GET that another request had in flight answered it. */
  readonly shared: boolean;
}

/** The report of an operation that asked for so many distinct items of each resource. */
export function upstreamReport(
  items: ReadonlyMap<string, number>,
  calls: readonly UpstreamCall[],
): UpstreamReport {
  const users = items.values().reduce((sum, count) => sum + count, 0);
  return { users, ...(items.size > 1 && { items: Object.fromEntries(items) }), calls };
}

/** A GET as the report shows it. */
export function upstreamCall({
  url,
  status,
  durationMs,
  bytes,
  attempts,
  shared,
}: FetchRecord): UpstreamCall {
  return { method: 'GET', path: url, status, durationMs: roundMs(durationMs), bytes, attempts, shared };
}
