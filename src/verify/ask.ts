import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

/** What came of one GET. */
export type RestAnswer = RestReply | RestFailure;

/** No answer, or none to its end. */
export interface RestFailure {
  readonly kind: 'unreachable' | 'broken' | 'late';
  /** The error's code, or a few words; never a word of the REST API. */
  readonly reason: string;
}

/** An answer as it came, whatever its status; nothing is followed, repeated or judged. */
export interface RestReply {
  readonly kind: 'reply';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as text, inflated if it came compressed; undefined if it is larger than asked for. */
  readonly text: string | undefined;
  readonly durationMs: number;
  /** Whether an earlier GET's connection served for this one. */
  readonly reusedConnection: boolean;
}

export interface RawClientOptions {
  /** Address of the REST API; a path in it goes in front of every path. */
  readonly url: URL;
  /** How long to wait for a whole answer. */
  readonly patienceMs: number;
  readonly maxBodyBytes: number;
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are read from. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Sends single GETs and gives back what came, over a connection that is kept alive if the REST API lets it. This is
 * `node:http` and not the layer's client, since it is the answers that the client would hide which matter here.
 */
export class RawClient implements Disposable {
  readonly #options: RawClientOptions;
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;
  readonly #base: string;

  constructor(options: RawClientOptions) {
    const { url, env } = options;
    const agentOptions = { keepAlive: true, maxSockets: 1, proxyEnv: { ...env } };
    const secure = url.protocol === 'https:';
    this.#options = options;
    this.#agent = secure ? new https.Agent(agentOptions) : new http.Agent(agentOptions);
    this.#request = secure ? https.request : http.request;
    this.#base = url.pathname.replace(/\/+$/, '');
  }

  /** GETs a path, query included, with this bearer token if there is one. Never rejects. */
  async get(path: string, token: string | undefined): Promise<RestAnswer> {
    const { patienceMs } = this.#options;
    const start = performance.now();
    const signal = AbortSignal.timeout(patienceMs);
    let response: IncomingMessage | undefined;
    try {
      const sent = await this.#send(path, token, signal);
      response = sent.response;
      const text = await this.#read(response);
      return {
        kind: 'reply',
        status: response.statusCode ?? 0,
        headers: response.headers,
        text,
        durationMs: performance.now() - start,
        reusedConnection: sent.reusedConnection,
      };
    } catch (error) {
      if (signal.aborted) return { kind: 'late', reason: `no answer within ${patienceMs} ms` };
      const reason = codeOf(error);
      return { kind: response || reason.startsWith('HPE_') ? 'broken' : 'unreachable', reason };
    }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  async #send(path: string, token: string | undefined, signal: AbortSignal): Promise<Sent> {
    const { protocol, hostname, port } = this.#options.url;
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const to = { protocol, hostname: host, port, path: this.#base + path };
    const outgoing = this.#request({ ...to, headers, signal, agent: this.#agent });
    try {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
      outgoing.on('response', resolve).on('error', reject).end();
      return { response: await promise, reusedConnection: outgoing.reusedSocket };
    } catch (error) {
      // A connection that closes just as it is used again says nothing: the layer, too, asks anew.
      if (!outgoing.reusedSocket || !STALE.has(codeOf(error))) throw error;
      this.#agent.destroy();
      return this.#send(path, token, signal);
    }
  }

  async #read(response: IncomingMessage): Promise<string | undefined> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response) {
      bytes += chunk.length;
      // Leaving the loop closes the connection.
      if (bytes > this.#options.maxBodyBytes) return undefined;
      chunks.push(chunk);
    }
    return inflate(Buffer.concat(chunks), response.headers['content-encoding']);
  }
}

interface Sent {
  readonly response: IncomingMessage;
  readonly reusedConnection: boolean;
}

/** What a connection ends with that was closed while nothing went over it. */
const STALE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

const INFLATE: ReadonlyMap<string, (body: Buffer) => Promise<Buffer>> = new Map([
  ['gzip', promisify<Buffer, Buffer>(zlib.gunzip)],
  ['deflate', promisify<Buffer, Buffer>(zlib.inflate)],
  ['br', promisify<Buffer, Buffer>(zlib.brotliDecompress)],
  ['zstd', promisify<Buffer, Buffer>(zlib.zstdDecompress)],
]);

/** The text of a body; of one that cannot be inflated, what there is. */
async function inflate(body: Buffer, encoding = 'identity'): Promise<string> {
  const inflated = await INFLATE.get(encoding)?.(body).catch(() => body);
  return (inflated ?? body).toString();
}

function codeOf(error: unknown): string {
  const known = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof known === 'string' ? known : 'the connection broke';
}
