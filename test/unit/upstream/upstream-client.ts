import { onTestFinished } from 'vitest';
import { UpstreamClient, type UpstreamOptions } from '#upstream/client.ts';
import type { Fetch, FetchRecord, FetchResult } from '#upstream/fetch.ts';
import { integer, string } from '#upstream/field-decoders.ts';
import type { AttemptObserver } from '#upstream/request-options.ts';
import { Resource } from '#upstream/resource.ts';

/** A resource with nothing particular to it. */
export const resource = new Resource({
  name: 'item',
  path: '/items/{itemId}',
  fields: [
    { name: 'name', decoder: string() },
    { name: 'colour', decoder: string() },
    { name: 'number', decoder: integer() },
  ],
  existence: 'name',
});

export interface Settled {
  readonly result: FetchResult;
  readonly record: FetchRecord;
}

export type TestFetch = Fetch & { readonly settled: Promise<Settled> };

export interface TestClient {
  readonly client: UpstreamClient;
  /** Status of every attempt, in the order in which they ended. */
  readonly attempts: (number | null)[];
  /** How many retries there were. */
  readonly retries: () => number;
  /** Asks for fields of an item, its name by default. */
  get(itemId: string, token?: string, fields?: readonly string[]): TestFetch;
  /** Asks, and gives the code of the error, or the kind of the result where there is none. */
  ask(itemId: string, token?: string): Promise<string>;
}

/** A client of the REST API at this address. It closes by itself at the end of the test. */
export function createTestClient(url: string, options: Partial<UpstreamOptions> = {}): TestClient {
  const attempts: (number | null)[] = [];
  let retries = 0;
  const observer: AttemptObserver = {
    attempted: (_resource, status) => attempts.push(status),
    retried: () => retries++,
  };
  const client = new UpstreamClient(
    {
      url: new URL(url),
      // Nothing is to miss it because the machine is busy.
      timeoutMs: 30_000,
      maxAttempts: 1,
      connections: 64,
      maxBodyBytes: 10_000,
      connectionMaxAgeMs: 60_000,
      ...options,
    },
    observer,
  );
  onTestFinished(() => client.close());

  const get = (itemId: string, token = 'token', fields: readonly string[] = ['name']) => {
    const { promise, resolve } = Promise.withResolvers<Settled>();
    const authorization = `Bearer ${token}`;
    const key = [itemId];
    const fetch = client.fetch(
      { resource, key, path: resource.path(key), fields: resource.mask(fields) },
      { authorization, headers: ['authorization', authorization] },
      { fetched: (_query, result, record) => resolve({ result, record }) },
    );
    return { cancel: () => fetch.cancel(), settled: promise };
  };
  return {
    client,
    attempts,
    retries: () => retries,
    get,
    ask: async (itemId, token) => outcomeOf(await get(itemId, token).settled),
  };
}

/** The code of the error, or the kind of the result where there is none. */
export function outcomeOf({ result }: Settled): string {
  return result.kind === 'failed' ? result.error.code : result.kind;
}
