import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, type ZlibOptions, inflate as zlibInflate } from 'node:zlib';
import { RequestError } from '#graphql/pipeline/reply.ts';
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

/**
 * Reads the body of a request as text. It may be compressed; both what comes and what it inflates to are held against
 * the limit, and neither is read past it.
 * @throws RequestError where it is too large, broken, not UTF-8, or of an encoding that is not read
 */
export async function readBody({ request }: Exchange, maxBytes: number): Promise<string> {
  const encoding = contentEncoding(request);
  if (Number(request.headers['content-length']) > maxBytes) throw tooLarge(maxBytes);
  const body = await readBytes(request, maxBytes);
  return decode(encoding === 'identity' ? body : await inflate(body, encoding, maxBytes));
}

const INFLATERS = {
  gzip: promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  deflate: promisify<Buffer, ZlibOptions, Buffer>(zlibInflate),
  br: promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress),
};

type Encoding = keyof typeof INFLATERS;

function contentEncoding({ headers }: IncomingMessage): Encoding | 'identity' {
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity' || isEncoding(encoding)) return encoding;
  throw new RequestError(415, 'Send the body as it is, or with one of the encodings gzip, deflate and br.', {
    headers: { 'accept-encoding': Object.keys(INFLATERS).join(', ') },
  });
}

function isEncoding(name: string): name is Encoding {
  return Object.hasOwn(INFLATERS, name);
}

/** As a rule the body is one chunk. Many small ones would take far more memory as a list of buffers than in one. */
function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let body: Buffer = EMPTY;
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      const start = length;
      length += chunk.length;
      if (length > maxBytes) {
        // What is still on its way is read and dropped, so that the client can read the response, and the connection can
        // be used again.
        request.removeAllListeners('data').resume();
        reject(tooLarge(maxBytes));
      } else if (start === 0) {
        body = chunk;
      } else {
        if (length > body.length) body = grow(body, length);
        chunk.copy(body, start);
      }
    });
    request.on('end', () => resolve(body.subarray(0, length)));
    request.on('error', () => reject(new RequestError(400, 'The body of the request ended too early.')));
  });
}

const EMPTY = Buffer.alloc(0);

function grow(body: Buffer, length: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(length, 2 * body.length));
  body.copy(larger);
  return larger;
}

async function inflate(body: Buffer, encoding: Encoding, maxBytes: number): Promise<Buffer> {
  try {
    // gzip may have several members, and what follows them is refused without being asked for.
    const rejectGarbageAfterEnd = encoding !== 'gzip';
    return await INFLATERS[encoding](body, { maxOutputLength: maxBytes, rejectGarbageAfterEnd });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBytes);
    throw new RequestError(400, `The body of the request is not well-formed ${encoding}.`);
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function decode(body: Buffer): string {
  try {
    return UTF_8.decode(body);
  } catch {
    throw new RequestError(400, 'The body of the request is not UTF-8.');
  }
}

function tooLarge(maxBytes: number): RequestError {
  return new RequestError(413, `The body of the request is larger than ${maxBytes} bytes.`);
}
