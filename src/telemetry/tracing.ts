import type { ResourceReader } from '#upstream/fetch.ts';
import type { OperationRecord } from './operation-log.ts';

/**
 * Traces, as the rest of the service sees them: a span for the HTTP request, below it one for the GraphQL operation, and
 * below that one for each GET. Nothing here loads OpenTelemetry; `open-telemetry.ts` does, and is only imported where
 * traces are asked for.
 */
export interface Tracing {
  /** Starts the trace of an HTTP request to us, below the span that the caller's headers name, if they do. */
  begin(request: TracedRequest): RequestTrace;
  /** Sends what has not been sent yet, for a few seconds at the most. */
  stop(): Promise<void>;
}

/** An HTTP request to us. */
export interface TracedRequest {
  readonly requestId: string;
  readonly method: string;
  /** The path of the route. */
  readonly route: string;
  /** By lower-case name, as Node has them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The spans of one request. */
export interface RequestTrace {
  /** For the log. */
  readonly traceId: string;
  /** A reader that makes a span of each GET, and passes the trace on in its headers. */
  reader(reader: ResourceReader): ResourceReader;
  /** The operation is over. */
  ended(operation: OperationRecord): void;
  /** The response is out; `status` is undefined where the client went away before. */
  responded(status: number | undefined): void;
}
