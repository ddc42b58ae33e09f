import { pino } from 'pino';
import { expect, onTestFinished } from 'vitest';
import { type StartOptions, start } from '#http/service.ts';
import { readConfig } from '#process/config.ts';
import { type RestApi, startRestApi } from './rest-api.ts';

export interface LayerOptions {
  /** What is behind the layer; by default the embedded REST API with its demo data. */
  readonly restApi?: RestApi;
  /** Environment variables beside those that a test always needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the environment does not say. With a logger of its own, a test looks itself at what is logged. */
  readonly start?: StartOptions;
}

export interface QueryOptions {
  readonly variables?: unknown;
  readonly operationName?: string;
  /** The bearer token; null sends none. `demo-owner` by default. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A GraphQL error as a client sees it. */
export interface AnswerError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** What the layer answered: the HTTP status, its headers, and the GraphQL response. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: unknown;
  readonly errors?: readonly AnswerError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** A deadline that no GET misses because the machine is busy, for whatever is not about deadlines. */
export const PATIENT: Readonly<Record<string, string>> = { UPSTREAM_TIMEOUT_MS: '30000' };

/** The whole layer, running over a REST API that writes down what it is asked. */
export interface Layer {
  /** Without a path: `http://127.0.0.1:49152`. */
  readonly url: string;
  /** Path and query of every GET that reached the REST API, in the order in which they came. */
  readonly requests: readonly string[];
  /** Sends one operation by POST. */
  query(operation: string, options?: QueryOptions): Promise<Answer>;
  stop(): Promise<void>;
}

/**
 * Starts the layer on a free port of 127.0.0.1. It stops by itself at the end of the test that started it, which fails
 * where something happened that nobody foresaw.
 */
export async function startLayer(options: LayerOptions = {}): Promise<Layer> {
  const restApi = options.restApi ?? (await startRestApi());
  const config = readConfig({ ...PATIENT, PORT: '0', UPSTREAM_URL: restApi.url, ...options.env });
  const logged: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line) => void logged.push(line) });
  const { url, stop } = await start(config, { logger, ...options.start });
  onTestFinished(async () => {
    await stop();
    expect(logged).toEqual([]);
  });
  return {
    url,
    stop,
    get requests() {
      return restApi.requests.map((request) => request.url);
    },
    query: (operation, queryOptions) => query(`${url}/graphql`, operation, queryOptions),
  };
}

async function query(url: string, operation: string, options: QueryOptions = {}): Promise<Answer> {
  const { variables, operationName, token = 'demo-owner', headers = {} } = options;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query: operation, variables, operationName }),
  });
  return { status: response.status, headers: response.headers, ...JSON.parse(await response.text()) };
}
