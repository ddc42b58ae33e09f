import { makeVar } from '@apollo/client';

/** One GET that the service made. */
export interface RestCall {
  readonly method: string;
  readonly path: string;
  /** null where no answer came. */
  readonly status: number | null;
  readonly durationMs: number;
  readonly attempts: number;
}

/** What the service says in `extensions.upstream` when asked with `x-upstream-report: 1`. */
export interface UpstreamReport {
  readonly users: number;
  readonly calls: readonly RestCall[];
}

/** The last operation that the page sent, and the REST calls that it caused. */
export const lastOperation = makeVar<{ readonly name: string; readonly report: UpstreamReport } | null>(null);

/** Whether this is the report: the service leaves it out in production. */
export function isUpstreamReport(value: unknown): value is UpstreamReport {
  return typeof value === 'object' && value !== null && 'calls' in value && Array.isArray(value.calls);
}
