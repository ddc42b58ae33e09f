/**
 * How an operation ended: with all its data, with errors beside data, without data, refused before it ran, left by its
 * client, or turned away since too many GETs waited.
 */
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

export const OPERATION_STATUSES = ['ok', 'partial', 'failed', 'refused', 'cancelled', 'overloaded'] as const;

/** How one GraphQL request went: what log, metrics and span read once it is over. */
export class OperationRecord {
  /** Of letters, digits, `.`, `_` and `-`. */
  readonly requestId: string;
  /** Where it is traced. */
  readonly traceId: string | undefined;
  name: string | undefined;
  outcome: OperationStatus = 'refused';
  /** In tenths. */
  durationMs = 0;
  /** Errors in the answer. */
  errors = 0;
  /** Distinct items of the REST API, users as a rule, that it asked for. */
  users = 0;
  /** GETs made for it, those of other requests not counted. */
  gets = 0;
  /** GETs of other requests that served it too. */
  shared = 0;
  attempts = 0;
  /** Bytes of body. */
  bytes = 0;

  constructor(requestId: string, traceId: string | undefined) {
    this.requestId = requestId;
    this.traceId = traceId;
  }
}

/** Milliseconds as logs and reports show them. */
export function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
