import { HttpConnection } from './http-connection.ts';
import { postBytes } from './request-series.ts';
import { bodyOf, type Work } from './works.ts';

/** How much load: it ends with the time or with the requests, whichever comes first. */
export interface LoadOptions {
  readonly port: number;
  readonly work: Work;
  readonly connections: number;
  readonly seconds: number;
  readonly maxRequests: number;
  /**
   * Requests a second, due at even times whatever the server does (open loop): how long a request waits for a free
   * connection is part of its latency, so no slow answer hides the ones behind it. As many as the server takes where unset.
   */
  readonly rate?: number;
  /** What the tokens begin with, each connection's own number follows. */
  readonly tokenPrefix?: string;
}

/** What the load saw. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sends the work over keep-alive connections and waits for every answer. Throws at the first answer that is not good. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const opening = Array.from({ length: options.connections }, () => HttpConnection.open(options.port));
  const connections = await Promise.all(opening);
  try {
    return await new Load(connections, options).run();
  } finally {
    for (const connection of connections) connection.close();
  }
}

const requestsPerConnection = 64;
const paceMs = 1;

class Load {
  readonly #options: LoadOptions;
  readonly #connections: readonly HttpConnection[];
  readonly #requests: readonly Buffer[];
  readonly #done = Promise.withResolvers<void>();
  readonly #latencies: number[] = [];
  // When each request that is not yet sent was due. The time counts from then on, late timers of ours included.
  readonly #due: number[] = [];
  readonly #idle: number[] = [];
  #started = 0;
  #scheduled = 0;
  #open = 0;

  constructor(connections: readonly HttpConnection[], options: LoadOptions) {
    this.#connections = connections;
    this.#options = options;
    this.#requests = requestsFor(options.work, connections.length, options.tokenPrefix);
  }

  async run(): Promise<LoadResult> {
    const sentAt = new Float64Array(this.#connections.length);
    this.#connections.forEach((connection, index) => {
      connection.onAnswer = (fault) => {
        if (fault) this.#done.reject(new Error(`a bad answer to ${this.#options.work.name}: ${fault}`));
        this.#latencies.push(performance.now() - (sentAt[index] ?? 0));
        this.#open -= 1;
        this.#idle.push(index);
        if (this.#options.rate === undefined) this.#schedule(1);
        this.#sendDue(sentAt);
      };
      connection.onBroken = this.#done.reject;
      this.#idle.push(index);
    });
    this.#started = performance.now();
    const pacer = this.#options.rate === undefined ? undefined : this.#pace(this.#options.rate, sentAt);
    if (!pacer) this.#schedule(this.#connections.length);
    this.#sendDue(sentAt);
    await this.#done.promise.finally(() => clearInterval(pacer));
    const seconds = (performance.now() - this.#started) / 1000;
    const sorted = Float64Array.from(this.#latencies).sort();
    return { requests: sorted.length, seconds, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) };
  }

  #pace(rate: number, sentAt: Float64Array): NodeJS.Timeout {
    return setInterval(() => {
      const elapsed = (performance.now() - this.#started) / 1000;
      const count = Math.floor(Math.min(elapsed, this.#options.seconds) * rate);
      while (this.#scheduled < Math.min(count, this.#options.maxRequests)) {
        this.#scheduled += 1;
        this.#due.push(this.#started + (this.#scheduled / rate) * 1000);
      }
      this.#sendDue(sentAt);
    }, paceMs);
  }

  #schedule(count: number): void {
    const now = performance.now();
    if (now - this.#started >= this.#options.seconds * 1000) return;
    for (let i = 0; i < count && this.#scheduled < this.#options.maxRequests; i++) {
      this.#due.push(now);
      this.#scheduled += 1;
    }
  }

  #sendDue(sentAt: Float64Array): void {
    while (this.#due.length > 0 && this.#idle.length > 0) {
      const index = this.#idle.shift() ?? 0;
      sentAt[index] = this.#due.shift() ?? 0;
      this.#open += 1;
      const turn = Math.floor(this.#scheduled / this.#connections.length) % requestsPerConnection;
      const request = this.#requests[index * requestsPerConnection + turn];
      if (request) this.#connections[index]?.send(request);
    }
    if (this.#open === 0 && this.#isOver()) this.#done.resolve();
  }

  #isOver(): boolean {
    if (this.#scheduled >= this.#options.maxRequests) return true;
    return performance.now() - this.#started >= this.#options.seconds * 1000;
  }
}

const requestsMade = new WeakMap<Work, readonly Buffer[]>();

// Each connection has a token of its own: GETs of two requests in flight can't be shared, so all candidates make the
// GETs that one request needs. Each has its own users too, which go round.
function requestsFor(work: Work, connections: number, tokenPrefix = 'bench-token'): readonly Buffer[] {
  const known = requestsMade.get(work);
  if (known?.length === connections * requestsPerConnection) return known;
  const made = Array.from({ length: connections * requestsPerConnection }, (_, n) =>
    postBytes(bodyOf(work, n), `${tokenPrefix}-${Math.floor(n / requestsPerConnection)}`),
  );
  requestsMade.set(work, made);
  return made;
}

function quantile(sorted: Float64Array, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}
