import type { FetchRecord, ResourceReader } from '#upstream/fetch.ts';
import type { OperationRecord } from './operation-record.ts';

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

/** An HTTP request to us. */
export interface TracedRequest {
  readonly requestId: string;
  readonly method: string;
  /** The path of the route. */
  readonly route: string;
  /** By lower-case name, as Node has them. */
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
  end(operation: OperationRecord): void;
}

export interface GetSpan {
  /** Headers that pass the trace on, names and values in turn. */
  readonly headers: readonly string[];
  end(record: FetchRecord): void;
}

/** A reader that makes a span of each GET, below that of the operation, and passes the trace on in its headers. */
export function tracedReader(reader: ResourceReader, operation: OperationSpan): ResourceReader {
  return {
    isOverloaded: (authorization) => reader.isOverloaded(authorization),
    fetch(query, caller, receiver) {
      const span = operation.get();
      const headers = [...caller.headers, ...span.headers];
      return reader.fetch(
        query,
        { ...caller, headers },
        {
          fetched(asked, result, record) {
            span.end(record);
            receiver.fetched(asked, result, record);
          },
        },
      );
    },
  };
}
