import { type Dispatcher, Pool } from 'undici';

/** What came of sending one GET: an answer, or no whole answer. */
export type Reply = Answer | Broken;

/** A status, and for a 200 its whole body. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Undefined where it was larger than the limit. */
  readonly body: Buffer | undefined;
  readonly bytes: number;
}

/** The connection failed: before an answer, or (`status` tells) in the middle of its body. */
export interface Broken {
  readonly kind: 'broken';
  readonly status: number | null;
  readonly error: Error;
  /** We closed it, for what came over it. */
  readonly malformed: boolean;
  readonly bytes: number;
}

/** What waits for the reply to a GET. */
export interface ReplyReceiver {
  /** The reply; not called where the GET was given up. */
  received(reply: Reply): void;
  /**
   * The pool is through with the GET, so that another one may be sent; called just before `received`. A GET that is given
   * up while it waits for its connection stays in the pool until that is open, or fails.
   */
  released(): void;
}

/** A GET under way. */
export interface Sending {
  /** Gives the GET up; closes its connection where it was already sent. */
  giveUp(): void;
}

export interface TransportOptions {
  /** Address of the REST API; a path in it goes in front of every path. */
  readonly url: URL;
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly maxBodyBytes: number;
}

/** Sends single GETs over a pool of kept-alive HTTP/1.1 connections. Never follows a redirect, never retries. */
export class Transport {
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #maxBodyBytes: number;

  constructor(options: TransportOptions) {
    this.#basePath = options.url.pathname.replace(/\/+$/, '');
    this.#maxBodyBytes = options.maxBodyBytes;
    this.#pool = new Pool(options.url.origin, {
      connections: options.connections,
      // One GET a connection at a time: pipelined, a slow answer would hold up the ones behind it, and one broken
      // connection would take them all down.
      pipelining: 1,
      allowH2: false,
      connect: { timeout: options.connectTimeoutMs },
      // The deadline of a GET is its caller's: undici's own limits start anew with every chunk.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** How many connections are open. */
  get connected(): number {
    return this.#pool.stats.connected;
  }

  /** Sends one GET. */
  send(path: string, headers: string[], receiver: ReplyReceiver): Sending {
    const collector = new ReplyCollector(this.#maxBodyBytes, receiver);
    this.#pool.dispatch({ method: 'GET', path: this.#basePath + path, headers }, collector);
    return collector;
  }

  /** Closes every connection at once. */
  async destroy(): Promise<void> {
    await this.#pool.destroy();
  }
}

class ReplyCollector implements Dispatcher.DispatchHandler, Sending {
  readonly #maxBytes: number;
  readonly #receiver: ReplyReceiver;
  /** Whether the reply is still wanted. */
  #pending = true;
  #released = false;
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | null = null;
  #headers: Answer['headers'] = {};
  /** The body of a 200. Nearly always it comes in one piece, and an array that is pushed to has room for seventeen. */
  #chunks: Buffer[] | undefined;
  #bytes = 0;

  constructor(maxBytes: number, receiver: ReplyReceiver) {
    this.#maxBytes = maxBytes;
    this.#receiver = receiver;
  }

  giveUp(): void {
    this.#pending = false;
    this.#controller?.abort(GIVEN_UP);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown, it drops this GET alone; `controller.abort` would close the connection that was just made.
    if (!this.#pending) throw GIVEN_UP;
    this.#controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Answer['headers'],
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    if (Number(headers['content-length']) > this.#maxBytes) this.#tooLarge(controller);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#tooLarge(controller);
    else if (this.#status === 200) this.#keep(chunk);
  }

  onResponseEnd(): void {
    this.#release();
    this.#answer(this.#body());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#release();
    // The status says all there is to know of an answer other than 200; what becomes of its body does not matter.
    if (this.#status !== null && this.#status !== 200) this.#answer(undefined);
    else this.#broken(error);
  }

  /** Once: where `onResponseEnd` throws, undici calls `onResponseError` as well. */
  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#receiver.released();
  }

  #keep(chunk: Buffer): void {
    if (this.#chunks === undefined) this.#chunks = [chunk];
    else this.#chunks.push(chunk);
  }

  #body(): Buffer {
    const chunks = this.#chunks ?? [];
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  #broken(error: Error): void {
    const malformed = isMalformed(error, this.#status);
    this.#finish({ kind: 'broken', status: this.#status, error, malformed, bytes: this.#bytes });
  }

  #tooLarge(controller: Dispatcher.DispatchController): void {
    this.#answer(undefined);
    controller.abort(GIVEN_UP);
  }

  #answer(body: Buffer | undefined): void {
    if (this.#status === null) return;
    const { status, headers, bytes } = { status: this.#status, headers: this.#headers, bytes: this.#bytes };
    this.#finish({ kind: 'answer', status, headers, body, bytes });
  }

  #finish(reply: Reply): void {
    if (!this.#pending) return;
    this.#pending = false;
    this.#receiver.received(reply);
  }
}

/** Whether undici closed a connection for no HTTP, contradictory or endless headers, or a switch of protocols. */
function isMalformed(error: Error, status: number | null): boolean {
  if (error.name === 'HTTPParserError') return true;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'UND_ERR_SOCKET') return error.message === 'bad response' || error.message === 'bad upgrade';
  // A status that came before tells that the body was cut short instead.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return status === null;
  return code === 'UND_ERR_HEADERS_OVERFLOW';
}

/** One for all: nobody reads it, and an Error is dear to make. */
const GIVEN_UP = new Error('Given up by the caller');
