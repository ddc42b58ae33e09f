import { LoadedItem } from '#loader/loaded-item.ts';
import { RequestLoader, type RequestLoaderOptions } from '#loader/request-loader.ts';
import { cancelled, type UpstreamError } from '#upstream/errors.ts';
import type { FetchReceiver, FetchResult, ResourceQuery, ResourceReader } from '#upstream/fetch.ts';
import { string } from '#upstream/field-decoders.ts';
import { Resource } from '#upstream/resource.ts';

export const item = createResource('item');
export const thing = createResource('thing');

function createResource(name: string): Resource {
  const fields = ['id', 'name', 'colour'].map((field) => ({ name: field, decoder: string() }));
  return new Resource({ name, path: `/${name}s/{id}`, fields, existence: 'id' });
}

/** A GET that a test answers. */
export interface ScriptedFetch {
  readonly query: ResourceQuery;
  /** Path and flags. */
  readonly url: string;
  /** Every field that was asked for has its own name as its value; those of `withheld` are left out. */
  find(...withheld: string[]): void;
  settle(result: FetchResult): void;
}

export type LoaderOptions = Partial<RequestLoaderOptions & Pick<ResourceReader, 'isOverloaded'>>;

/** A loader over a reader whose GETs a test answers; `fetches` has those that were made. */
export function createLoader({ isOverloaded = () => false, ...options }: LoaderOptions = {}) {
  const fetches: ScriptedFetch[] = [];
  const reader: ResourceReader = {
    isOverloaded,
    fetch(query, _caller, receiver) {
      const fetch = scriptedFetch(query, receiver);
      fetches.push(fetch);
      return { cancel: () => fetch.settle({ kind: 'failed', error: cancelled() }) };
    },
  };
  const loader = new RequestLoader({
    reader,
    authorization: 'Bearer token',
    requestId: 'request-1',
    maxItems: 100,
    observer: { fetched() {} },
    ...options,
  });
  /** Asks for fields of an item; gives their values, null where it is absent, or the code of the error. */
  const load = async (id: string, fields: readonly string[], resource = item): Promise<unknown> => {
    const { promise, resolve } = Promise.withResolvers<LoadedItem | null | UpstreamError>();
    try {
      loader.request(resource, [id], { fields: resource.mask(fields), settled: resolve });
    } catch (error) {
      return codeOf(error);
    }
    const settled = await promise;
    if (!(settled instanceof LoadedItem)) return settled === null ? null : settled.code;
    return Object.fromEntries(fields.map((name) => [name, settled.values[resource.indexOf(name) ?? -1]]));
  };
  return { loader, load, fetches, urls: () => fetches.map(({ url }) => url) };
}

/** Lets everything happen that needs no answer. */
export function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function scriptedFetch(query: ResourceQuery, receiver: FetchReceiver): ScriptedFetch {
  const { resource, path, fields } = query;
  const url = path + resource.query(fields);
  const settle = (result: FetchResult) =>
    receiver.fetched(query, result, {
      resource: resource.name,
      url,
      status: 200,
      startedAt: 0,
      durationMs: 1,
      bytes: 1,
      attempts: 1,
      shared: false,
      error: result.kind === 'failed' ? result.error : undefined,
    });
  const find = (...withheld: string[]) => {
    const present = fields.without(resource.mask(withheld));
    const values = resource.fields.map(({ name }, index) => (present.has(index) ? name : undefined));
    settle({ kind: 'found', present, values });
  };
  return { query, url, find, settle };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}
