import type { UpstreamError } from '#upstream/errors.ts';
import type { FetchReceiver, FetchRecord, FetchResult, FoundItem, ResourceQuery } from '#upstream/fetch.ts';
import { FieldMask } from '#upstream/field-mask.ts';

/** Waits for fields of an item. */
export interface ItemReceiver {
  readonly fields: FieldMask;
  /** Called exactly once: with the item, null where it is absent, or the reason why it could not be had. */
  settled(result: LoadedItem | null | UpstreamError): void;
}

/** Is told how every GET ended. */
export interface FetchObserver {
  fetched(record: FetchRecord): void;
}

/**
 * One item as one request knows it. What is known of it only grows; once it is known to be absent, or a GET for it
 * failed, it is not asked for again.
 */
export class LoadedItem implements FetchReceiver {
  readonly #query: ResourceQuery;
  readonly #observer: FetchObserver;
  #values: readonly unknown[] = NOTHING;
  #present = FieldMask.none;
  /** Fields that some GET asked for; those whose GET was answered; those whose GET is under way. */
  #asked = FieldMask.none;
  #answered = FieldMask.none;
  #inFlight = FieldMask.none;
  #isFound = false;
  #isAbsent = false;
  #failure: UpstreamError | undefined;
  /** What those want who came since the last GET was made; undefined where nobody came. */
  #wanted: FieldMask | undefined;
  #waiting = NOBODY;

  /** `query`: a query for the item, whichever fields it asks for. */
  constructor(query: ResourceQuery, observer: FetchObserver) {
    this.#query = query;
    this.#observer = observer;
  }

  get key(): readonly string[] {
    return this.#query.key;
  }

  /** By a field's place in the resource: the value, null, an error that stands for it alone, or undefined if withheld. */
  get values(): readonly unknown[] {
    return this.#values;
  }

  /** Whether an answer left out a field that it was asked for. */
  isWithheld(index: number): boolean {
    return this.#answered.has(index) && !this.#present.has(index);
  }

  /**
   * Lets a receiver wait for its fields; what is known already is told at once. True where the item is to be asked for, once
   * everybody of this tick has come.
   */
  request(receiver: ItemReceiver): boolean {
    const { fields } = receiver;
    const known = this.#known(fields);
    if (known !== undefined) {
      receiver.settled(known);
      return false;
    }
    // Nearly always the only one: an array that is pushed to has room for seventeen.
    if (this.#waiting.length === 0) this.#waiting = [receiver];
    else this.#waiting.push(receiver);
    const isFirst = this.#wanted === undefined;
    this.#wanted = this.#wanted === undefined ? fields : this.#wanted.union(fields);
    return isFirst;
  }

  /** The query for what is wanted and was never asked for; undefined where nothing is. */
  takeQuery(): ResourceQuery | undefined {
    let fields = (this.#wanted ?? FieldMask.none).without(this.#asked);
    this.#wanted = undefined;
    if (fields.isEmpty && this.#asked.isEmpty) fields = this.#query.resource.existence;
    if (fields.isEmpty || this.#isAbsent || this.#failure !== undefined) return undefined;
    this.#asked = this.#asked.union(fields);
    this.#inFlight = this.#inFlight.union(fields);
    return fields === this.#query.fields ? this.#query : { ...this.#query, fields };
  }

  /** Takes in what a GET came to, and tells all those who have waited for no more than that. */
  fetched({ fields }: ResourceQuery, result: FetchResult, record: FetchRecord): void {
    this.#observer.fetched(record);
    this.settle(fields, result);
  }

  /** The same for fields that no GET was made for. */
  settle(fields: FieldMask, result: FetchResult): void {
    this.#inFlight = this.#inFlight.without(fields);
    if (result.kind === 'found') this.#take(fields, result);
    else if (result.kind === 'absent') this.#isAbsent = true;
    else this.#failure = result.error;
    const waiting = this.#waiting;
    this.#waiting = NOBODY;
    for (const receiver of waiting) {
      const known = this.#known(receiver.fields);
      if (known !== undefined) receiver.settled(known);
      else if (this.#waiting.length === 0) this.#waiting = [receiver];
      else this.#waiting.push(receiver);
    }
  }

  #take(fields: FieldMask, { present, values }: FoundItem): void {
    this.#isFound = true;
    this.#answered = this.#answered.union(fields);
    this.#present = this.#present.union(present);
    const earlier = this.#values;
    this.#values =
      earlier.length === 0 ? values : values.map((value, at) => (fields.has(at) ? value : earlier[at]));
  }

  /** What there is to tell those who want these fields; undefined where it is yet to come. */
  #known(fields: FieldMask): LoadedItem | null | UpstreamError | undefined {
    if (this.#isFound && this.#answered.covers(fields)) return this;
    if (this.#isAbsent) return null;
    if (this.#failure === undefined) return undefined;
    const missing = fields.without(this.#answered);
    const isUnderWay = missing.isEmpty ? !this.#inFlight.isEmpty : this.#inFlight.covers(missing);
    return isUnderWay ? undefined : this.#failure;
  }
}

const NOBODY: ItemReceiver[] = [];
const NOTHING: readonly unknown[] = [];
