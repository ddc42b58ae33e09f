import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const endOfHead = Buffer.from('\r\n\r\n');
const endOfChunks = Buffer.from('0\r\n\r\n');
const ok = Buffer.from('HTTP/1.1 200');
const errors = Buffer.from('"errors":');
const faultLength = 500;

/**
 * One keep-alive connection that sends ready-made requests, one at a time, and only finds out where each answer ends:
 * far cheaper than a real client, so that the load does not slow down what it measures.
 */
export class HttpConnection {
  /** Called for each answer; with the beginning of it where it is not a 200 without `errors`. */
  onAnswer: (fault?: string) => void = () => {};
  /** Called where the connection breaks. */
  onBroken: (reason: Error) => void = () => {};

  readonly #socket: Socket;
  #fault: string | undefined;
  #headRead = false;
  #missing = 0;
  #head: Buffer | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.onBroken(error));
    socket.on('end', () => this.onBroken(new Error('the server closed the connection')));
  }

  /** Connects to 127.0.0.1. */
  static async open(port: number): Promise<HttpConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  send(request: Buffer): void {
    this.#socket.write(request);
  }

  close(): void {
    this.onBroken = () => {};
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#headRead) this.#readBody(chunk);
    else this.#readHead(this.#head ? Buffer.concat([this.#head, chunk]) : chunk);
  }

  #readHead(input: Buffer): void {
    const end = input.indexOf(endOfHead);
    if (end < 0) {
      this.#head = input;
      return;
    }
    this.#head = undefined;
    this.#headRead = true;
    this.#fault = input.indexOf(ok) === 0 ? undefined : input.toString('latin1', 0, faultLength);
    const length = /content-length: *(\d+)/i.exec(input.toString('latin1', 0, end))?.[1];
    // A negative rest: the length is not told, and the answer ends with the last chunk.
    this.#missing = length === undefined ? -1 : Number(length);
    this.#readBody(input.subarray(end + endOfHead.length));
  }

  #readBody(body: Buffer): void {
    if (body.includes(errors)) this.#fault ??= body.toString('utf8', 0, faultLength);
    if (this.#missing < 0) {
      if (body.subarray(-endOfChunks.length).equals(endOfChunks)) this.#finish();
      return;
    }
    this.#missing -= body.length;
    if (this.#missing <= 0) this.#finish();
  }

  #finish(): void {
    this.#headRead = false;
    this.onAnswer(this.#fault);
  }
}
