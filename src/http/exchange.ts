import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cors } from './cors.ts';

/** What a server adds to its responses, and how it ends the connections that carry them. */
export interface ResponsePolicy {
  readonly cors: Cors | undefined;
  /** How long a client may take to read a response, in milliseconds. */
  readonly readTimeoutMs: number;
  /** Whether this response is the last one of its connection. */
  isLast(request: IncomingMessage): boolean;
}

/** A request and its response. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The caller's `x-request-id` if it is well-formed, a new one otherwise. */
  readonly requestId: string;
  /** The path as it came, without the query. */
  readonly path: string;
  /** Empty, or a query that begins with `?`. */
  readonly search: string;
  readonly #policy: ResponsePolicy;

  constructor(request: IncomingMessage, response: ServerResponse, policy: ResponsePolicy) {
    const url = originForm(request.url ?? '/');
    const queryStart = url.indexOf('?');
    this.request = request;
    this.response = response;
    this.requestId = requestId(request.headers['x-request-id']);
    this.path = queryStart === -1 ? url : url.slice(0, queryStart);
    this.search = queryStart === -1 ? '' : url.slice(queryStart);
    this.#policy = policy;
  }

  /** Sends the whole response. Does nothing where one was sent before, or the client is gone. */
  send(status: number, headers: Readonly<Record<string, string>>, body: string | Buffer): void {
    const { request, response } = this;
    if (response.headersSent || response.destroyed) return;
    // One flat list: with `setHeader`, Node would make an object of them first.
    const list: string[] = ['x-request-id', this.requestId, 'x-content-type-options', 'nosniff'];
    for (const name in headers) list.push(name, headers[name] ?? '');
    // Whatever it is, it belongs to one caller, unless a route says otherwise.
    if (headers['cache-control'] === undefined) list.push('cache-control', 'no-store');
    if (status !== 204) list.push('content-length', String(Buffer.byteLength(body)));
    this.#policy.cors?.addHeaders(list, request.headers.origin);
    if (this.#policy.isLast(request)) list.push('connection', 'close');
    response.writeHead(status, list).end(body);
    // As a rule the operating system takes it at once.
    if (request.socket.writableLength > 0) this.#limitReading();
  }

  /** A reset frees what the operating system holds of the response, too, and the client learns of it at once. */
  #limitReading(): void {
    const { request, response } = this;
    const timer = setTimeout(() => request.socket.resetAndDestroy(), this.#policy.readTimeoutMs);
    response.once('close', () => clearTimeout(timer));
  }
}

/** The caller's id of a request: 1 to 128 of these. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Proxies may send the whole address (RFC 9112, 3.2.2). */
function originForm(url: string): string {
  return url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*(?=\/)/i, '');
}
