import { onTestFinished } from 'vitest';
import type { Call } from '#upstream/call.ts';
import { UpstreamClient, type UpstreamOptions } from '#upstream/client.ts';
import type { ExchangeResult } from '#upstream/exchange.ts';
import type { TryObserver } from '#upstream/exchanger.ts';
import { stringField } from '#upstream/field-decoders.ts';
import { defineResource } from '#upstream/resource.ts';

/** A resource with nothing particular to it. */
export const resource = defineResource({
  path: '/items/{itemId}',
  fields: { name: stringField, colour: stringField },
  existenceField: 'name',
});

export interface TestClient {
  readonly client: UpstreamClient;
  /** Status of every try, in the order in which they ended. */
  readonly tries: (number | null)[];
  /** Asks for the name of an item. */
  get(itemId: string, token?: string): Call & { readonly result: Promise<ExchangeResult> };
  /** Asks, and gives the name of the class of the error, or the outcome where there is none. */
  ask(itemId: string, token?: string): Promise<string>;
}

/** A client of the REST API at this address. It closes by itself at the end of the test. */
export function createTestClient(url: string, options: Partial<UpstreamOptions> = {}): TestClient {
  const tries: (number | null)[] = [];
  const observer: TryObserver = { tried: (status) => tries.push(status), retried() {} };
  const client = new UpstreamClient(
    {
      url: new URL(url),
      timeoutMs: 5000,
      maxAttempts: 1,
      connections: 64,
      maxBodyBytes: 10_000,
      ...options,
    },
    observer,
  );
  onTestFinished(() => client.close());

  const get = (itemId: string, token = 'token') => {
    const { promise, resolve } = Promise.withResolvers<ExchangeResult>();
    const authorization = `Bearer ${token}`;
    const call = client.get(
      resource.path([itemId]),
      { resource, identifiers: [itemId], fields: resource.fieldSet(['name']) },
      { authorization, headers: ['authorization', authorization] },
      (_call, result) => resolve(result),
    );
    return Object.assign(call, { result: promise });
  };
  return {
    client,
    tries,
    get,
    ask: async (itemId, token) => {
      const { outcome } = await get(itemId, token).result;
      return outcome.kind === 'failed' ? outcome.error.name : outcome.kind;
    },
  };
}
