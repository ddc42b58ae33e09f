import { buildConnector, Client } from 'undici';
import type { ReplyReceiver, Sending } from './reply.ts';
import { ReplyCollector } from './reply-collector.ts';

export interface TransportOptions {
  /** Address of the REST API; a path in it goes in front of every path. */
  readonly url: URL;
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly maxBodyBytes: number;
}

/**
 * Sends single GETs over kept-alive HTTP/1.1 connections, one at a time over each. Never follows a redirect, never retries.
 *
 * The connections are undici's `Client`s and not a `Pool`: whoever sends sees to it that no more GETs are under way than
 * there may be connections, so that one is always free. The pool's own line, and the events by which it learns that a
 * connection is free, cost nearly 2 µs a GET.
 */
export class Transport {
  readonly #origin: string;
  readonly #basePath: string;
  readonly #maxBodyBytes: number;
  readonly #options: Client.Options;
  readonly #clients: Client[] = [];
  /** Those without a GET. The last one is taken: it was used last, and its connection is the least likely to be closed. */
  readonly #idle: Client[] = [];

  constructor(options: TransportOptions) {
    this.#origin = options.url.origin;
    this.#basePath = options.url.pathname.replace(/\/+$/, '');
    this.#maxBodyBytes = options.maxBodyBytes;
    this.#options = {
      // One GET a connection at a time: pipelined, a slow answer would hold up the ones behind it, and one broken
      // connection would take them all down.
      pipelining: 1,
      allowH2: false,
      // One for all of them, for it remembers TLS sessions.
      connect: buildConnector({ timeout: options.connectTimeoutMs, allowH2: false }),
      // The deadline of a GET is its caller's: undici's own limits start anew with every chunk.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
  }

  /** How many connections are open. */
  get connected(): number {
    return this.#clients.filter((client) => client.stats.connected).length;
  }

  /** Sends one GET, over a connection that is free or a new one. */
  send(path: string, headers: string[], receiver: ReplyReceiver): Sending {
    const client = this.#idle.pop() ?? this.#add();
    const collector = new ReplyCollector(this.#maxBodyBytes, receiver, client, this.#idle);
    client.dispatch({ method: 'GET', path: this.#basePath + path, headers }, collector);
    return collector;
  }

  /** Closes every connection at once. */
  async destroy(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.destroy()));
  }

  #add(): Client {
    const client = new Client(this.#origin, this.#options);
    this.#clients.push(client);
    return client;
  }
}
