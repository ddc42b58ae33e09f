import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { InterimResponses } from './protocol/interim-responses.ts';
import type { HttpHeaders, Reply } from './protocol/reply.ts';
import type { Route } from './route.ts';

/** What waits for the reply to a GET. */
export interface ReplyReceiver {
  /** The reply; not called where the GET was aborted. */
  onReply(reply: Reply): void;
}

/** What a connection tells its pool. */
export interface ConnectionOwner {
  /** It is through with its GET. */
  onFree(connection: Connection): void;
  /** Its socket was closed. */
  onClosed(connection: Connection): void;
}

/**
 * One HTTP/1.1 connection that carries one GET at a time, and opens anew where it was closed. Never follows a redirect.
 *
 * A server may close a connection that idles, just as a GET is sent on it. So a GET whose reused socket dies before the
 * first byte of a response is sent again at once, on a fresh socket; a fresh one that dies is a failure.
 */
export class Connection implements Dispatcher.DispatchHandler {
  /** When its socket was opened, as a moment of `performance.now()`. */
  openedAt = 0;
  connected = false;
  /** Whether it carries a GET. */
  busy = false;
  readonly #client: Client;
  readonly #route: Route;
  readonly #maxBodyBytes: number;
  readonly #owner: ConnectionOwner;
  readonly #interim = new InterimResponses();
  /** Whether the socket was opened for an earlier GET. */
  #used = false;
  /** Whether the GET is for a used socket, and nothing came back yet. */
  #mayBeStale = false;
  #options: Dispatcher.DispatchOptions | undefined;
  /** Undefined where no reply is wanted: none, or no more. */
  #receiver: ReplyReceiver | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | null = null;
  #headers: HttpHeaders = {};
  /** The body of a 200. Nearly always it comes in one piece, and an array that is pushed to has room for seventeen. */
  #chunks: Buffer[] | undefined;
  #bytes = 0;

  constructor(route: Route, options: Client.Options, maxBodyBytes: number, owner: ConnectionOwner) {
    this.#route = route;
    this.#maxBodyBytes = maxBodyBytes;
    this.#owner = owner;
    this.#client = new Client(route.origin, {
      ...options,
      connect: (to, callback) =>
        route.connect(to, (...[error, socket]) => {
          if (error !== null) callback(error, null);
          else callback(null, this.#watch(socket));
        }),
    });
  }

  /** Sends one GET. The connection must be free. */
  send(path: string, headers: string[], receiver: ReplyReceiver): void {
    const { headers: own, pathPrefix } = this.#route;
    this.#receiver = receiver;
    this.busy = true;
    this.#status = null;
    this.#chunks = undefined;
    this.#bytes = 0;
    this.#options = {
      method: 'GET',
      path: pathPrefix + path,
      headers: own.length === 0 ? headers : [...own, ...headers],
    };
    this.#dispatch(this.#options);
  }

  /** Ends the GET, and its socket if it was sent; gives what came of the reply. A socket that opens keeps it taken. */
  abort(): Pick<Reply, 'status' | 'bytes'> {
    const soFar = { status: this.#status, bytes: this.#bytes };
    this.#receiver = undefined;
    this.#controller?.abort(ABORT_REASON);
    return soFar;
  }

  async destroy(): Promise<void> {
    await this.#client.destroy();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#mayBeStale = this.#used;
    // Without a GET, too: the socket idles from now on.
    this.#used = true;
    // Thrown, it drops this GET alone; `controller.abort` would close the socket that was just opened.
    if (this.#receiver === undefined) throw ABORT_REASON;
    this.#controller = controller;
    this.#interim.expect();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: HttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
    if (Number(headers['content-length']) > this.#maxBodyBytes) this.#tooLarge(controller);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBodyBytes) this.#tooLarge(controller);
    else if (this.#status === 200) {
      if (this.#chunks === undefined) this.#chunks = [chunk];
      else this.#chunks.push(chunk);
    }
  }

  onResponseEnd(): void {
    const body = joined(this.#chunks ?? []);
    this.#free();
    this.#respond(body);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#mayBeStale && this.#receiver !== undefined) {
      // Not within undici's own handling of the error, which takes the queue of its client for empty.
      queueMicrotask(() => this.#resend());
      return;
    }
    this.#free();
    // The status says all there is to know of a response other than 200; what becomes of its body does not matter.
    if (this.#status !== null && this.#status !== 200) this.#respond(undefined);
    else this.#reply({ kind: 'broken', status: this.#status, error, bytes: this.#bytes });
  }

  #resend(): void {
    if (this.#receiver === undefined || this.#options === undefined) this.#free();
    else this.#dispatch(this.#options);
  }

  #dispatch(options: Dispatcher.DispatchOptions): void {
    this.#controller = undefined;
    this.#mayBeStale = this.connected && this.#used;
    this.#client.dispatch(options, this);
  }

  /** Listens to what comes over a socket that was just opened. */
  #watch(socket: Socket): Socket {
    this.openedAt = performance.now();
    this.connected = true;
    this.#used = false;
    this.#mayBeStale = false;
    const read: (size?: number) => Buffer | null = socket.read.bind(socket);
    socket.read = (size?: number) => {
      const chunk = read(size);
      if (chunk === null) return null;
      this.#mayBeStale = false;
      return this.#interim.strip(chunk);
    };
    return socket.once('close', () => {
      this.connected = false;
      this.#owner.onClosed(this);
    });
  }

  #tooLarge(controller: Dispatcher.DispatchController): void {
    this.#respond(undefined);
    controller.abort(ABORT_REASON);
  }

  #respond(body: Buffer | undefined): void {
    if (this.#status === null) return;
    this.#reply({ kind: 'response', status: this.#status, headers: this.#headers, body, bytes: this.#bytes });
  }

  #reply(reply: Reply): void {
    const receiver = this.#receiver;
    this.#receiver = undefined;
    receiver?.onReply(reply);
  }

  /** Once: where `onResponseEnd` throws, undici calls `onResponseError` as well. */
  #free(): void {
    if (!this.busy) return;
    this.busy = false;
    this.#options = undefined;
    this.#chunks = undefined;
    this.#controller = undefined;
    this.#owner.onFree(this);
  }
}

function joined(chunks: Buffer[]): Buffer {
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

/** One for all: nobody reads it, and an Error is dear to make. */
const ABORT_REASON = new Error('Aborted by the caller');
