import type { Outcome } from './metrics.ts';

/**
 * Traces, as the rest of the service sees them: a span for the HTTP request, below it one for the GraphQL operation, and
 * below that one for each GET. Nothing here loads OpenTelemetry; `open-telemetry.ts` does, and is only imported where
 * traces are asked for.
 */
export interface Tracing {
  /** Starts the span of an HTTP request to us, below the span that the caller's headers name, if they do. */
  request(request: TracedRequest): RequestSpan;
  /** Sends what has not been sent yet, for a few seconds at the most. */
  stop(): Promise<void>;
}

export interface TracedRequest {
  readonly method: string;
  readonly route: string;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface RequestSpan {
  /** For the log. */
  readonly traceId: string;
  operation(): OperationSpan;
  /** `status` is undefined where the client went away before the response was out. */
  end(status: number | undefined): void;
}

export interface OperationSpan {
  get(): GetSpan;
  end(operation: TracedOperation): void;
}

export interface TracedOperation {
  readonly name: string | undefined;
  readonly outcome: Outcome;
  readonly users: number;
}

export interface GetSpan {
  /** Headers that pass the trace on, names and values in turn. */
  readonly headers: readonly string[];
  end(get: TracedGet): void;
}

export interface TracedGet {
  /** Path and query. */
  readonly path: string;
  readonly status: number | null;
  readonly attempts: number;
  readonly bytes: number;
  /** Whether it was in flight already, with the headers of another trace. */
  readonly shared: boolean;
  /** The name of the error that it ended in. */
  readonly error: string | undefined;
}
