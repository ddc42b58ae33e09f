/**
 * How an operation ended: with all its data, with errors beside data, without data, refused before it ran, left by its
 * client, or turned away since too many GETs waited.
 */
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

export const OPERATION_STATUSES = ['ok', 'partial', 'failed', 'refused', 'cancelled', 'overloaded'] as const;

/** How one GraphQL request went: what log, metrics and span read. */
export interface OperationRecord {
  readonly requestId: string;
  /** Where it is traced. */
  readonly traceId: string | undefined;
  readonly name: string | undefined;
  readonly outcome: OperationStatus;
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

/** A document that is not in the manifest of trusted ones. */
export interface UntrustedDocument {
  readonly text?: string | undefined;
  readonly operationName?: string | undefined;
}

/** Milliseconds as logs and reports show them. */
export function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
