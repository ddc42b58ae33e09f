import type { Client } from 'undici';
import { Connection, type ConnectionOwner } from './connection.ts';
import { type Route, type RouteOptions, routeTo } from './route.ts';

export interface ConnectionPoolOptions extends RouteOptions {
  readonly maxBodyBytes: number;
  /** A connection is not used again after this, so that a change of address is seen. */
  readonly connectionMaxAgeMs: number;
}

/**
 * Kept-alive connections to the REST API. How many there are is up to whoever takes them.
 *
 * They are undici's `Client`s and not a `Pool`: the pool's own line, and the events by which it learns that a connection
 * is free, cost nearly 2 µs a GET.
 */
export class ConnectionPool implements ConnectionOwner {
  readonly #options: ConnectionPoolOptions;
  readonly #route: Route;
  readonly #client: Client.Options;
  readonly #onFree: (now: number) => void;
  /** All there are. */
  readonly #connections: Connection[] = [];
  /** Those without a GET. The last one is taken: it was used last, and is the least likely to be closed. */
  readonly #idle: Connection[] = [];
  /** Those that are through with their GET, for the next turn of the event loop. */
  #freed: Connection[] = [];
  #destroyed = false;

  /** `onFree` is called whenever a connection that was taken can be taken again, with the moment of `performance.now()`. */
  constructor(options: ConnectionPoolOptions, onFree: (now: number) => void) {
    this.#options = options;
    this.#route = routeTo(options);
    this.#client = {
      // One GET a connection at a time: pipelined, a slow answer would hold up the ones behind it, and one broken
      // connection would take them all down.
      pipelining: 1,
      allowH2: false,
      // The deadline of a GET is its caller's: undici's own limits start anew with every chunk.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveMaxTimeout: options.connectionMaxAgeMs,
    };
    this.#onFree = onFree;
  }

  /** How many connections are open. */
  get connected(): number {
    return this.#connections.filter(({ connected }) => connected).length;
  }

  /** How many carry a GET. */
  get busy(): number {
    return this.#connections.filter(({ busy }) => busy).length;
  }

  /** A connection that is free, or else a new one; `now` is the moment of `performance.now()`. */
  take(now: number): Connection {
    const oldest = this.#oldestOpening(now);
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.openedAt > oldest) return last;
      this.#drop(last);
    }
    const connection = new Connection(this.#route, this.#client, this.#options.maxBodyBytes, this);
    this.#connections.push(connection);
    return connection;
  }

  /**
   * Hands a connection on, but not before the event loop has read from its socket once more: what came behind the
   * response then closes it, and is not taken for the response to the next GET.
   */
  onFree(connection: Connection): void {
    if (this.#destroyed) return;
    if (this.#freed.push(connection) === 1) setImmediate(() => this.#handOn());
  }

  onClosed(connection: Connection): void {
    const index = this.#idle.indexOf(connection);
    if (index === -1) return;
    this.#idle.splice(index, 1);
    this.#drop(connection);
  }

  /** Closes every connection at once. */
  async destroy(): Promise<void> {
    this.#destroyed = true;
    await Promise.all(this.#connections.splice(0).map((connection) => connection.destroy()));
  }

  #handOn(): void {
    const now = performance.now();
    const oldest = this.#oldestOpening(now);
    const freed = this.#freed;
    this.#freed = [];
    for (const connection of freed) {
      if (connection.connected && connection.openedAt > oldest) this.#idle.push(connection);
      else this.#drop(connection);
    }
    for (const _ of freed) this.#onFree(now);
  }

  /** Connections that were opened at this moment or before are too old to be used again. */
  #oldestOpening(now: number): number {
    return now - this.#options.connectionMaxAgeMs;
  }

  #drop(connection: Connection): void {
    const index = this.#connections.indexOf(connection);
    if (index !== -1) this.#connections.splice(index, 1);
    void connection.destroy();
  }
}
