import type { FetchRecord, ResourceReader } from '#upstream/fetch.ts';

/** How an operation ended; see docs/observability.md. */
export type OperationStatus = 'ok' | 'partial' | 'failed' | 'refused' | 'cancelled' | 'overloaded';

/** Is told how one request goes, for log, metrics, traces and report. */
export interface OperationObserver {
  readonly requestId: string;
  /** A reader that is watched. */
  reader(reader: ResourceReader): ResourceReader;
  fetched(record: FetchRecord): void;
  /** An error that nobody foresaw. */
  unexpected(error: unknown): void;
  /** A document that is not in the manifest of trusted ones. */
  untrusted(document: {
    readonly text: string | undefined;
    readonly operationName: string | undefined;
  }): void;
  /** What is to stand in the answer's `extensions.upstream`, if anything; `items`: distinct items asked for. */
  report(items: number): object | undefined;
  end(operation: {
    readonly name: string | undefined;
    readonly outcome: OperationStatus;
    readonly errors: number;
    /** Distinct items asked for, by the resource's name. */
    readonly items: ReadonlyMap<string, number>;
  }): void;
}
