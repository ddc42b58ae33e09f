import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { UpstreamErrorCode } from '#upstream/errors.ts';
import type { HttpResponse } from '#upstream/protocol/reply.ts';
import type { Environment, Settings } from './arguments.ts';

/** What came of one GET, whatever its status; nothing is followed, inflated or judged. */
export type RawAnswer = (RawReply | RawFailure) & { readonly durationMs: number };

export interface RawReply extends HttpResponse {
  /** Whether an earlier GET's connection served for this one. */
  readonly reusedConnection: boolean;
}

/** No answer, or none to its end. */
export interface RawFailure {
  readonly kind: 'failure';
  /** What the layer answers because of it. */
  readonly code: UpstreamErrorCode;
  /** The error's code, or a few words; never a word of the REST API. */
  readonly reason: string;
}

/**
 * Sends single GETs and gives back what came, over a connection that is kept alive if the REST API lets it. This is
 * `node:http` and not the layer's client, since it is the answers that the client would hide which matter here.
 */
export class RawClient implements Disposable {
  readonly #settings: Settings;
  /** Past the layer's deadline, so that a slow answer is told from none. */
  readonly #patienceMs: number;
  readonly #http: typeof http | typeof https;
  readonly #agent: http.Agent;

  /** `env`: where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are read from. */
  constructor(settings: Settings, env: Environment) {
    this.#settings = settings;
    this.#patienceMs = 3 * settings.upstream.timeoutMs;
    this.#http = settings.url.protocol === 'https:' ? https : http;
    this.#agent = new this.#http.Agent({ keepAlive: true, maxSockets: 1, proxyEnv: { ...env } });
  }

  /** GETs a path, query included, with this bearer token if it is not empty. Never rejects. */
  async get(path: string, token: string): Promise<RawAnswer> {
    const start = performance.now();
    const answer = await this.#attempt(path, token);
    return { ...answer, durationMs: performance.now() - start };
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  async #attempt(path: string, token: string): Promise<RawReply | RawFailure> {
    const signal = AbortSignal.timeout(this.#patienceMs);
    const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
    const to = new URL(this.#settings.url.href.replace(/\/+$/, '') + path);
    const outgoing = this.#http.request(to, { headers, signal, agent: this.#agent });
    let response: IncomingMessage | undefined;
    try {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
      const end = () => reject(SWITCHED);
      outgoing.on('response', resolve).on('error', reject).on('close', end).end();
      response = await promise;
      return { ...(await this.#read(response)), reusedConnection: outgoing.reusedSocket };
    } catch (error) {
      const reason = signal.aborted ? `no answer within ${this.#patienceMs} ms` : codeOf(error);
      if (signal.aborted) return { kind: 'failure', code: 'UPSTREAM_TIMEOUT', reason };
      // A connection that closes just as it is used again says nothing: the layer, too, asks anew.
      if (!response && outgoing.reusedSocket && STALE.has(reason)) {
        this.#agent.destroy();
        return this.#attempt(path, token);
      }
      const isBroken = response !== undefined || error === SWITCHED || reason.startsWith('HPE_');
      return { kind: 'failure', code: isBroken ? 'UPSTREAM_BAD_RESPONSE' : 'UPSTREAM_UNAVAILABLE', reason };
    }
  }

  async #read(response: IncomingMessage): Promise<HttpResponse> {
    const { statusCode: status = 0, headers } = response;
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      // Leaving the loop closes the connection.
      if (bytes > this.#settings.upstream.maxBodyBytes) break;
    }
    const isTooLarge = bytes > this.#settings.upstream.maxBodyBytes;
    return { kind: 'response', status, headers, body: isTooLarge ? undefined : Buffer.concat(chunks), bytes };
  }
}

/** Node closes a connection without a word where an answer switches protocols, which nobody asked for. */
const SWITCHED = new Error('The answer switched protocols.');

/** What a connection ends with that was closed while nothing went over it. */
const STALE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

function codeOf(error: unknown): string {
  const known = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof known === 'string' ? known : 'the connection broke';
}
