import type { IncomingHttpHeaders } from 'node:http';

/** How long a browser may remember what a preflight said; none remembers it for longer than two hours. */
const PREFLIGHT_SECONDS = '7200';

/** Says which pages may send requests and read the responses (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export class Cors {
  readonly #origins: readonly (string | RegExp)[];

  constructor(origins: readonly (string | RegExp)[]) {
    this.#origins = origins;
  }

  /** Adds the headers of a response, names and values in turn, for a request of this origin. */
  addHeaders(headers: string[], origin: string | undefined): void {
    // Always, so that no cache gives the response for one origin to another.
    headers.push('vary', 'Origin');
    if (origin === undefined || !this.#allows(origin)) return;
    headers.push(
      'access-control-allow-origin',
      origin,
      'access-control-expose-headers',
      'x-request-id, retry-after',
    );
  }

  /** The further headers of the response to a preflight, which asks before a request is sent; undefined where it is none. */
  preflight(request: IncomingHttpHeaders, methods: string): Record<string, string> | undefined {
    const { origin, 'access-control-request-headers': asked } = request;
    if (request['access-control-request-method'] === undefined) return undefined;
    if (origin === undefined || !this.#allows(origin)) return undefined;
    return {
      'access-control-allow-methods': methods,
      'access-control-max-age': PREFLIGHT_SECONDS,
      ...(asked !== undefined && {
        'access-control-allow-headers': asked,
        vary: 'Access-Control-Request-Headers',
      }),
    };
  }

  #allows(origin: string): boolean {
    return this.#origins.some((allowed) =>
      typeof allowed === 'string' ? allowed === origin : allowed.test(origin),
    );
  }
}
