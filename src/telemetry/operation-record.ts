import type { FetchRecord } from '#upstream/fetch.ts';

/**
 * How an operation ended: with all its data, with errors beside data, without data, refused before it ran, left by its
 * client, or turned away since too many GETs waited.
 */
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

export const OPERATION_STATUSES = ['ok', 'partial', 'failed', 'refused', 'cancelled', 'overloaded'] as const;

/** How one GraphQL request went: what log, metrics and span read. */
export interface OperationRecord {
  /** Of letters, digits, `.`, `_` and `-`. */
  readonly requestId: string;
  /** Where it is traced. */
  readonly traceId: string | undefined;
  readonly name: string | undefined;
  readonly outcome: OperationStatus;
  /** In tenths. */
  readonly durationMs: number;
  /** Errors in the answer. */
  readonly errors: number;
  /** Distinct items of the REST API, users as a rule, that it asked for. */
  readonly users: number;
  /** GETs made for it, those of other requests not counted. */
  readonly gets: number;
  /** GETs of other requests that served it too. */
  readonly shared: number;
  readonly attempts: number;
  /** Bytes of body. */
  readonly bytes: number;
}

/** Milliseconds as logs and reports show them. */
export function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

/** `extensions.upstream` of an answer: which GETs were made for it. */
export interface UpstreamReport {
  /** Distinct users asked for, and items of other resources. */
  readonly users: number;
  /** How many of each resource, where there are several. */
  readonly items?: Readonly<Record<string, number>>;
  readonly calls: readonly UpstreamCall[];
}

/** One GET, as the report shows it. */
export interface UpstreamCall
  extends Pick<FetchRecord, 'status' | 'durationMs' | 'bytes' | 'attempts' | 'shared'> {
  readonly method: 'GET';
  /** Path and flags. */
  readonly path: string;
  /** In a timeline: how long after the request the GET was asked for. */
  readonly startMs?: number;
}

/** What a request may ask for in its header `x-upstream-report`: the GETs, or these with when each of them began. */
export type ReportKind = '1' | 'timeline';

/** The report of an operation that asked for so many distinct items of each resource. */
export function upstreamReport(
  items: Iterable<readonly [resource: string, items: number]>,
  calls: readonly UpstreamCall[],
): UpstreamReport {
  const counts = [...items];
  const users = counts.reduce((sum, [, count]) => sum + count, 0);
  return { users, ...(counts.length > 1 && { items: Object.fromEntries(counts) }), calls };
}

/** A GET as the report shows it; `origin` is the moment that a timeline begins at, where one was asked for. */
export function upstreamCall(record: FetchRecord, origin: number | undefined): UpstreamCall {
  const { url, status, startedAt, durationMs, bytes, attempts, shared } = record;
  return {
    method: 'GET',
    path: url,
    status,
    ...(origin !== undefined && { startMs: roundMs(startedAt - origin) }),
    durationMs: roundMs(durationMs),
    bytes,
    attempts,
    shared,
  };
}
