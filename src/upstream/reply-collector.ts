import type { Client, Dispatcher } from 'undici';
import type { Answer, Reply, ReplyReceiver, Sending } from './reply.ts';

/** Collects the reply to one GET, and gives its connection back. */
export class ReplyCollector implements Dispatcher.DispatchHandler, Sending {
  readonly #maxBytes: number;
  readonly #receiver: ReplyReceiver;
  readonly #client: Client;
  readonly #idle: Client[];
  /** Whether the reply is still wanted. */
  #pending = true;
  #released = false;
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | null = null;
  #headers: Answer['headers'] = {};
  /** The body of a 200. Nearly always it comes in one piece, and an array that is pushed to has room for seventeen. */
  #chunks: Buffer[] | undefined;
  #bytes = 0;

  /** `idle`: where to put the client once it is through with the GET. */
  constructor(maxBytes: number, receiver: ReplyReceiver, client: Client, idle: Client[]) {
    this.#maxBytes = maxBytes;
    this.#receiver = receiver;
    this.#client = client;
    this.#idle = idle;
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
    this.#release('push');
    this.#answer(this.#body());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    // To the far end: its connection is gone, and others may be open.
    this.#release('unshift');
    // The status says all there is to know of an answer other than 200; what becomes of its body does not matter.
    if (this.#status !== null && this.#status !== 200) this.#answer(undefined);
    else this.#broken(error);
  }

  /** Once: where `onResponseEnd` throws, undici calls `onResponseError` as well. */
  #release(into: 'push' | 'unshift'): void {
    if (this.#released) return;
    this.#released = true;
    this.#idle[into](this.#client);
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
