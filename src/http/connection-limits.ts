/** What a client may take of a server by its connections alone. Times are in milliseconds. */
export interface ConnectionLimits {
  /** From the start of a connection or request to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** From there to the end of its body, headers included: a client that sends a byte a second is cut off. */
  readonly requestTimeoutMs: number;
  /** Between a response and the next request. */
  readonly keepAliveTimeoutMs: number;
  /** Without a single byte in either direction. */
  readonly idleTimeoutMs: number;
  /** From a response being sent to its last byte: a client that reads a byte a second is cut off. */
  readonly readTimeoutMs: number;
  /** How often connections are held against the first two limits. */
  readonly checkIntervalMs: number;
  /** Connections at one time; further ones are closed as they come. */
  readonly maxConnections: number;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  headersTimeoutMs: 5000,
  requestTimeoutMs: 10_000,
  // Longer than the 60 s after which common load balancers close an idle connection, so that they do it first.
  keepAliveTimeoutMs: 65_000,
  idleTimeoutMs: 120_000,
  readTimeoutMs: 120_000,
  checkIntervalMs: 1000,
  maxConnections: 10_000,
};
