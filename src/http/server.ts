import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { RequestError, refusal } from '#graphql/pipeline/reply.ts';
import type { Logger } from '#telemetry/logger.ts';
import {
  answerClientError,
  type ConnectionLimits,
  createServer,
  DEFAULT_CONNECTION_LIMITS,
} from './connections.ts';
import { Cors } from './cors.ts';
import { Exchange, type ResponsePolicy } from './exchange.ts';
import { type Address, type DrainTimes, drain, listen } from './listener.ts';

/** What is served at a path. */
export interface Route {
  /** Without a slash at the end. One that ends with `/*` stands for all paths that begin like it. */
  readonly path: string;
  readonly methods: readonly string[];
  /** Sends the response; what it throws is answered as an error. */
  readonly handler: (exchange: Exchange) => void | Promise<void>;
}

export interface HttpServerOptions {
  readonly routes: readonly Route[];
  /** Pages of these origins may read responses. */
  readonly corsOrigins?: readonly (string | RegExp)[];
  readonly limits?: Partial<ConnectionLimits> | undefined;
  readonly logger: Logger;
}

/** An HTTP/1.1 server: finds routes, and keeps what every response and every connection promises. */
export class HttpServer implements ResponsePolicy {
  readonly cors: Cors | undefined;
  readonly readTimeoutMs: number;
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #folders: readonly Route[];
  readonly #logger: Logger;
  readonly #server: Server;
  /** Connections whose clients did not wait for a response before they sent the next request. */
  readonly #pipelining = new WeakSet<Socket>();
  #draining = false;

  constructor({ routes, corsOrigins = [], limits: someLimits, logger }: HttpServerOptions) {
    const limits = { ...DEFAULT_CONNECTION_LIMITS, ...someLimits };
    this.cors = corsOrigins.length === 0 ? undefined : new Cors(corsOrigins);
    this.readTimeoutMs = limits.readTimeoutMs;
    this.#routes = new Map(routes.map((route) => [route.path, route]));
    this.#folders = routes.filter(({ path }) => path.endsWith('/*'));
    this.#logger = logger;
    this.#server = createServer(
      {
        keepAliveTimeout: limits.keepAliveTimeoutMs,
        // Node holds the one against the other.
        requestTimeout: limits.requestTimeoutMs,
        headersTimeout: limits.headersTimeoutMs,
        connectionsCheckingInterval: limits.checkIntervalMs,
        // A second `Authorization` or `Host` header is not to be dropped silently.
        joinDuplicateHeaders: true,
        // We refuse it ourselves, with a body that says why.
        requireHostHeader: false,
      },
      (request, response) => this.#onRequest(request, response),
    );
    this.#server.timeout = limits.idleTimeoutMs;
    this.#server.maxConnections = limits.maxConnections;
    this.#server.on('clientError', answerClientError);
    this.#server.on('checkExpectation', (request, response) =>
      this.#sendError(
        new Exchange(request, response, this),
        new RequestError(417, 'The only expectation that can be met is 100-continue.'),
      ),
    );
  }

  /**
   * Listens; gives the address as a client would write it.
   * @throws StartError where that is not possible
   */
  listen(address: Address): Promise<string> {
    return listen(this.#server, address);
  }

  /** Takes no more connections, and lets the requests in flight finish; false where some were cut off. */
  drain(times?: DrainTimes): Promise<boolean> {
    this.#draining = true;
    return drain(this.#server, times);
  }

  isLast({ socket }: IncomingMessage): boolean {
    return this.#draining || this.#pipelining.has(socket);
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (response.socket === null) this.#endPipelining(request.socket, response);
    else this.#answer(new Exchange(request, response, this));
  }

  async #answer(exchange: Exchange): Promise<void> {
    try {
      const { request, path } = exchange;
      checkHost(request);
      const { methods, handler } = this.#routes.get(path) ?? this.#findRoute(path);
      if (methods.includes(request.method ?? '')) await handler(exchange);
      else this.#refuseMethod(exchange, methods.join(', '));
    } catch (error) {
      this.#sendError(exchange, error);
    }
  }

  /** Finds the route of a path that is not written like the route's own. */
  #findRoute(path: string): Route {
    const decoded = decodePath(path);
    const trimmed = decoded.length > 1 && decoded.endsWith('/') ? decoded.slice(0, -1) : decoded;
    const route =
      this.#routes.get(trimmed) ?? this.#folders.find(({ path }) => trimmed.startsWith(path.slice(0, -1)));
    if (route === undefined)
      throw new RequestError(404, 'There is nothing at this path.', { code: 'NOT_FOUND' });
    return route;
  }

  #refuseMethod(exchange: Exchange, allow: string): void {
    const { method, headers } = exchange.request;
    if (method !== 'OPTIONS') {
      throw new RequestError(405, `The methods of this path are: ${allow}.`, { headers: { allow } });
    }
    exchange.send(204, { allow, ...this.cors?.preflight(headers, allow) }, '');
  }

  #sendError(exchange: Exchange, error: unknown): void {
    const { request, requestId } = exchange;
    const expected = error instanceof RequestError ? error : undefined;
    if (expected === undefined) this.#logger.error({ requestId, err: error }, 'unexpected error');
    const reply = refusal(expected ?? INTERNAL, requestId, request.headers.accept);
    exchange.send(reply.status, reply.headers, reply.body);
  }

  /**
   * A request arrived while the one before it was not answered. No browser, proxy or router does that, and thousands of
   * connections that do would hold up everything else for seconds. So the first request is answered, what follows is not
   * read, and the connection is closed.
   */
  #endPipelining(socket: Socket, response: ServerResponse): void {
    if (this.#pipelining.has(socket)) return;
    this.#pipelining.add(socket);
    // Reading the body of the first request resumes the socket.
    socket.on('resume', () => socket.pause()).pause();
    // The second response's turn comes only where the first one was sent before we knew, and so did not say `close`.
    response.once('socket', () => socket.destroySoon());
  }
}

const INTERNAL = new RequestError(500, 'Internal server error', { code: 'INTERNAL_SERVER_ERROR' });

/** RFC 9112, 3.2. Two headers arrive joined by a comma and a space, which no host has. */
function checkHost({ headers, httpVersion }: IncomingMessage): void {
  const { host } = headers;
  if (host === undefined ? httpVersion !== '1.0' : host.includes(', ')) {
    throw new RequestError(400, 'A request must have exactly one Host header.');
  }
}

function decodePath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    throw new RequestError(400, 'The path is not a well-formed URL.');
  }
}
