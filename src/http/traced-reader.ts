import type { ResourceReader } from '#loader/resource-loader.ts';
import type { OperationSpan } from '#telemetry/tracing.ts';

/** A reader that makes a span of each GET, below that of the operation, and passes the trace on in its headers. */
export function tracedReader(reader: ResourceReader, operation: OperationSpan): ResourceReader {
  return {
    get(path, question, caller, answered) {
      const span = operation.get();
      const headers = [...caller.headers, ...span.headers];
      return reader.get(path, question, { ...caller, headers }, (call, result) => {
        const { outcome, status, attempts, bytes } = result;
        const error = outcome.kind === 'failed' ? outcome.error.name : undefined;
        span.end({ path: call.url, status, attempts, bytes, shared: call.shared, error });
        answered(call, result);
      });
    },
  };
}
