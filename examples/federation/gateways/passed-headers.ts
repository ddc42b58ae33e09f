import type { IncomingHttpHeaders } from 'node:http';

/** The request headers that a gateway passes on to each subgraph: who asks, and the id that all logs share. */
export const PASSED_HEADERS = ['authorization', 'x-request-id'] as const;

/** Those of them that the caller sent. */
export function passedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    PASSED_HEADERS.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}
