import type { ResourceReader } from '#upstream/fetch.ts';
import type { OperationSpan } from './tracing.ts';

/** A reader that makes a span of each GET, below that of the operation, and passes the trace on in its headers. */
export function tracedReader(reader: ResourceReader, operation: OperationSpan): ResourceReader {
  return {
    fetch(query, caller, onSettled) {
      const span = operation.get();
      const headers = [...caller.headers, ...span.headers];
      return reader.fetch(query, { ...caller, headers }, (result, record) => {
        span.end(record);
        onSettled(result, record);
      });
    },
  };
}
