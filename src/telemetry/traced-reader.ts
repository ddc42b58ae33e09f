import type { ResourceReader } from '#upstream/fetch.ts';
import type { OperationSpan } from './tracing.ts';

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
