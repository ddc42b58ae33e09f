import DataLoader from 'dataloader';
import type { Call, Caller, UpstreamClient } from '../upstream/client.ts';
import { MissingTokenError, TooManyItemsError } from '../upstream/errors.ts';
import type { ExchangeResult } from '../upstream/exchange.ts';
import type { Question } from '../upstream/outcome.ts';
import type { FieldSet } from '../upstream/resource.ts';
import { Entry, type LoadedItem } from './entry.ts';

/** Who a loader reads for. Without a token, nothing is sent. */
export interface LoaderCaller extends Omit<Caller, 'authorization'> {
  readonly authorization: string | undefined;
}

/** Is told how every GET of one request ended, and how long the request waited for it. */
export type AnswerObserver = (call: Call, result: ExchangeResult, durationMs: number) => void;

/** What a promise of the loader holds; awaiting it leaves an item, or null where it is absent. */
export type Loaded = LoadedItem | null | Promise<LoadedItem | null>;

/** What reads the REST API; `UpstreamClient` is one. */
export type ResourceReader = Pick<UpstreamClient, 'get'>;

/**
 * Reads items of the REST API for one request. All selections of an item that are loaded in one go become one GET with
 * the union of their fields; later ones fetch only what is still missing. Lives as long as its request: nothing that it
 * read is ever seen by another one.
 */
export class ResourceLoader {
  readonly #reader: ResourceReader;
  readonly #caller: LoaderCaller;
  readonly #maxItems: number;
  readonly #onAnswer: AnswerObserver;
  readonly #entries = new Map<string, Entry>();
  readonly #calls: Call[] = [];
  /**
   * DataLoader gathers, and no more: its own cache would hold back the second selection of an item, whose fields may be
   * others. What is remembered is in the entries.
   */
  readonly #gather = new DataLoader<Question, Loaded>(async (wave) => this.#loadWave(wave), {
    cache: false,
  });

  constructor(reader: ResourceReader, caller: LoaderCaller, maxItems: number, onAnswer: AnswerObserver) {
    this.#reader = reader;
    this.#caller = caller;
    this.#maxItems = maxItems;
    this.#onAnswer = onAnswer;
  }

  /** How many distinct items were asked for. */
  get items(): number {
    return this.#entries.size;
  }

  /**
   * Loads fields of one item: null where it is absent.
   * @throws UpstreamError where it cannot be had
   */
  load(question: Question): Promise<Loaded> {
    return this.#gather.load(question);
  }

  /** Gives up every GET that is still in flight for this request. */
  cancel(): void {
    for (const call of this.#calls) call.cancel();
  }

  /** Every question settles alone: with an error in its place, or with a promise that DataLoader adopts. */
  #loadWave(wave: readonly Question[]): (Loaded | Error)[] {
    const places = wave.map((question) => this.#place(question));
    for (const place of places) {
      if (place instanceof Entry) this.#fetch(place);
    }
    return wave.map(({ fields }, index) => {
      const place = places[index];
      return place instanceof Entry ? settle(place, fields) : (place ?? null);
    });
  }

  /** Where a question belongs, or why it is not to be asked. */
  #place(question: Question): Entry | Error {
    const { resource, identifiers, fields } = question;
    let path: string;
    try {
      path = resource.path(identifiers);
    } catch (error) {
      return asError(error);
    }
    if (this.#caller.authorization === undefined) return new MissingTokenError();
    let entry = this.#entries.get(path);
    if (entry === undefined) {
      if (this.#entries.size >= this.#maxItems) return new TooManyItemsError(this.#maxItems);
      entry = new Entry(path, question);
      this.#entries.set(path, entry);
    }
    entry.want(fields);
    return entry;
  }

  #fetch(entry: Entry): void {
    const question = entry.takeQuestion();
    const { authorization } = this.#caller;
    if (question === undefined || authorization === undefined) return;
    const started = performance.now();
    const call = this.#reader.get(entry.path, question, { ...this.#caller, authorization });
    this.#calls.push(call);
    const landed = call.result.then((result) => {
      entry.land(question.fields, result.outcome);
      this.#onAnswer(call, result, performance.now() - started);
    });
    entry.expect(question.fields, landed);
  }
}

function settle(entry: Entry, fields: FieldSet): Loaded | Error {
  try {
    return entry.item(fields);
  } catch (error) {
    return asError(error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
