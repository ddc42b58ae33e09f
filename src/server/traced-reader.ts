import type { ResourceReader } from '../loader/resource-loader.ts';
import type { OperationSpan } from '../observability/tracing.ts';

/** A reader that makes a span of each GET, below that of the operation, and passes the trace on in its headers. */
export function tracedReader(reader: ResourceReader, operation: OperationSpan): ResourceReader {
  return {
    get(path, question, caller) {
      const span = operation.get();
      const call = reader.get(path, question, { ...caller, headers: span.headers });
      const { url, shared } = call;
      call.result.then(({ outcome, status, attempts, bytes }) => {
        const error = outcome.kind === 'failed' ? outcome.error.name : undefined;
        span.end({ path: url, status, attempts, bytes, shared, error });
      });
      return call;
    },
  };
}
