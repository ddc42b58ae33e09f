import type { FetchRecord } from '#upstream/fetch.ts';
import { roundMs } from './operation-record.ts';

/** `extensions.upstream` of an answer: which GETs were made for it. */
export interface UpstreamReport {
  /** Distinct users asked for. */
  readonly users: number;
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
