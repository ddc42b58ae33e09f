import DataLoader from 'dataloader';
import { cancelled, missingToken, overloaded, tooManyItems, type UpstreamError } from '#upstream/errors.ts';
import type { Caller, Fetch, ResourceReader } from '#upstream/fetch.ts';
import type { FieldMask } from '#upstream/field-mask.ts';
import type { Resource } from '#upstream/resource.ts';
import { type FetchObserver, type ItemReceiver, LoadedItem } from './loaded-item.ts';

export interface RequestLoaderOptions {
  readonly reader: ResourceReader;
  /** The `Authorization` header, if it is one well-formed bearer token. Without one, nothing is sent. */
  readonly authorization: string | undefined;
  readonly requestId: string;
  /** Distinct items of one resource that the request may ask for. */
  readonly maxItems: number;
  readonly observer: FetchObserver;
}

/**
 * Reads items of the REST API for one request. All selections of an item that are asked for in one tick become one GET
 * with the union of their fields; later ones fetch only what no GET has or is getting. Each item settles alone, as soon as
 * its own GET does. Lives as long as its request: nothing that it read is ever seen by another one.
 */
export class RequestLoader {
  readonly #options: RequestLoaderOptions;
  readonly #caller: Caller | undefined;
  /** One for each resource that was asked for. There are few: a Map would take longer. */
  readonly #items: ResourceItems[] = [];
  readonly #fetches: Fetch[] = [];
  #isCancelled = false;
  /** Whether the caller has too many GETs waiting. Undefined until the first item is asked for. */
  #isTurnedAway: boolean | undefined;
  /**
   * DataLoader gathers the items of one tick, and no more: an item is a ticket for itself, handed back as soon as its GET
   * is under way. DataLoader's own cache would hold back a second selection, whose fields may be others.
   */
  readonly #gather = new DataLoader<LoadedItem, LoadedItem>(async (items) => this.#fetchAll(items), {
    cache: false,
  });

  constructor(options: RequestLoaderOptions) {
    this.#options = options;
    this.#caller = callerOf(options);
  }

  /** How many distinct items were asked for, with the name of their resource. */
  get counts(): readonly (readonly [resource: string, items: number])[] {
    return this.#items.map(({ resource, size }) => [resource.name, size]);
  }

  /** Whether a GET was asked of the reader, be it sent by now or not. */
  get hasFetched(): boolean {
    return this.#fetches.length > 0;
  }

  /** Whether no GET was made since too many of this caller's wait already. */
  get isTurnedAway(): boolean {
    return this.#isTurnedAway === true;
  }

  /**
   * Asks for the fields of one item that a receiver waits for. It may be told before this returns.
   * @throws UpstreamError where it may not be asked for; then the receiver is not told
   */
  request(resource: Resource, key: readonly string[], receiver: ItemReceiver): void {
    let item = this.#itemsOf(resource)?.find(key);
    if (item === undefined) item = this.#add(resource, key, receiver.fields);
    else if (this.#isCancelled) throw cancelled();
    if (item.request(receiver)) void this.#gather.load(item);
  }

  /**
   * Asks for fields of one item: null where it is absent.
   * @throws UpstreamError where it cannot be had
   */
  async load(resource: Resource, key: readonly string[], fields: FieldMask): Promise<LoadedItem | null> {
    const { promise, resolve } = Promise.withResolvers<LoadedItem | null | UpstreamError>();
    this.request(resource, key, { fields, settled: resolve });
    const result = await promise;
    if (result instanceof Error) throw result;
    return result;
  }

  /** Leaves every GET that is still in flight for this request, and makes no further one. */
  cancel(): void {
    this.#isCancelled = true;
    for (const fetch of this.#fetches) fetch.cancel();
  }

  #add(resource: Resource, key: readonly string[], fields: FieldMask): LoadedItem {
    const path = resource.path(key);
    if (this.#caller === undefined) throw missingToken();
    if (this.#isCancelled) throw cancelled();
    let items = this.#itemsOf(resource);
    if (items === undefined) {
      this.#isTurnedAway ??= this.#options.reader.isOverloaded(this.#caller.authorization);
      if (this.#isTurnedAway) throw overloaded();
      items = new ResourceItems(resource);
      this.#items.push(items);
    }
    if (items.size >= this.#options.maxItems) throw tooManyItems(this.#options.maxItems);
    const item = new LoadedItem({ resource, key, path, fields }, this.#options.observer);
    items.add(item);
    return item;
  }

  #itemsOf(resource: Resource): ResourceItems | undefined {
    for (const items of this.#items) if (items.resource === resource) return items;
    return undefined;
  }

  #fetchAll(items: readonly LoadedItem[]): readonly LoadedItem[] {
    for (const item of items) this.#fetch(item);
    return items;
  }

  #fetch(item: LoadedItem): void {
    const query = item.takeQuery();
    if (query === undefined || this.#caller === undefined) return;
    if (this.#isCancelled) {
      item.settle(query.fields, { kind: 'failed', error: cancelled() });
      return;
    }
    this.#fetches.push(this.#options.reader.fetch(query, this.#caller, item));
  }
}

/** The items of one resource. They are found by their key: to make the path of one takes three times as long. */
class ResourceItems {
  readonly resource: Resource;
  size = 0;
  /** By the last part of the key, in which they nearly always differ. */
  readonly #items = new Map<string, LoadedItem[]>();

  constructor(resource: Resource) {
    this.resource = resource;
  }

  find(key: readonly string[]): LoadedItem | undefined {
    return this.#items.get(key.at(-1) ?? '')?.find((item) => item.key.every((part, at) => part === key[at]));
  }

  add(item: LoadedItem): void {
    const last = item.key.at(-1) ?? '';
    const others = this.#items.get(last);
    if (others === undefined) this.#items.set(last, [item]);
    else others.push(item);
    this.size++;
  }
}

function callerOf({ authorization, requestId }: RequestLoaderOptions): Caller | undefined {
  if (authorization === undefined) return undefined;
  const headers = ['authorization', authorization, 'accept', 'application/json', 'x-request-id', requestId];
  return { authorization: withUsualScheme(authorization), headers };
}

const SCHEME = 'Bearer';

/** Scheme names are case-insensitive: whoever writes `bearer` is no other caller, with a line and limits of its own. */
function withUsualScheme(authorization: string): string {
  return authorization.startsWith(SCHEME) ? authorization : SCHEME + authorization.slice(SCHEME.length);
}
