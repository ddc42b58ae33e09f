import DataLoader from 'dataloader';
import type { Call, Caller } from '#upstream/call.ts';
import type { UpstreamClient } from '#upstream/client.ts';
import { CancelledError, MissingTokenError, TooManyItemsError } from '#upstream/errors.ts';
import type { ExchangeResult } from '#upstream/exchange.ts';
import type { Question } from '#upstream/outcome.ts';
import { Entry, type LoadedItem } from './entry.ts';

/** Who a loader reads for. Without a token, nothing is sent. */
export interface LoaderCaller {
  readonly authorization: string | undefined;
  readonly requestId: string;
}

/** Is told how every GET of one request ended, and how long the request waited for it. */
export type AnswerObserver = (call: Call, result: ExchangeResult, durationMs: number) => void;

/** What reads the REST API; `UpstreamClient` is one. */
export type ResourceReader = Pick<UpstreamClient, 'get'>;

/**
 * Reads items of the REST API for one request. All selections of an item that are loaded in one go become one GET with
 * the union of their fields; later ones fetch only what is still missing. Lives as long as its request: nothing that it
 * read is ever seen by another one.
 */
export class ResourceLoader {
  readonly #reader: ResourceReader;
  readonly #caller: Caller | undefined;
  readonly #maxItems: number;
  readonly #onAnswer: AnswerObserver;
  readonly #entries = new Map<string, Entry>();
  /** All that were made, most of which may be over. */
  readonly #calls: Call[] = [];
  #cancelled = false;
  /**
   * DataLoader gathers, and no more: its own cache would hold back the second selection of an item, whose fields may be
   * others. What is remembered is in the entries.
   */
  readonly #gather = new DataLoader<Question, LoadedItem | null>((wave) => this.#loadWave(wave), {
    cache: false,
  });

  constructor(reader: ResourceReader, caller: LoaderCaller, maxItems: number, onAnswer: AnswerObserver) {
    this.#reader = reader;
    this.#caller = upstreamCaller(caller);
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
  load(question: Question): Promise<LoadedItem | null> {
    return this.#gather.load(question);
  }

  /** Gives up every GET that is still in flight for this request, and makes no further one. */
  cancel(): void {
    this.#cancelled = true;
    for (const call of this.#calls) call.cancel();
  }

  /** Every question settles alone: an error stands in its own place. */
  async #loadWave(wave: readonly Question[]): Promise<(LoadedItem | null | Error)[]> {
    const entries: Entry[] = [];
    const places = wave.map((question) => this.#place(question, entries));
    for (const entry of entries) this.#fetch(entry);
    await settled(entries);
    return places.map((place, index) =>
      place instanceof Entry ? place.read(wave[index]?.fields ?? 0) : place,
    );
  }

  /** Where a question belongs, or why it is not to be asked. Adds to `entries` what the wave has not had yet. */
  #place(question: Question, entries: Entry[]): Entry | Error {
    const { resource, identifiers, fields } = question;
    let path: string;
    try {
      path = resource.path(identifiers);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    if (this.#caller === undefined) return new MissingTokenError();
    if (this.#cancelled) return new CancelledError();
    let entry = this.#entries.get(path);
    if (entry === undefined) {
      if (this.#entries.size >= this.#maxItems) return new TooManyItemsError(this.#maxItems);
      entry = new Entry(path, question);
      this.#entries.set(path, entry);
    }
    if (entry.want(fields)) entries.push(entry);
    return entry;
  }

  #fetch(entry: Entry): void {
    const question = entry.takeQuestion();
    if (question === undefined || this.#caller === undefined) return;
    const started = performance.now();
    entry.expect(question.fields);
    const call = this.#reader.get(entry.path, question, this.#caller, (answered, result) => {
      this.#onAnswer(answered, result, performance.now() - started);
      entry.land(question.fields, result.outcome);
    });
    this.#calls.push(call);
  }
}

/** Waits until no GET is under way for any of the entries. */
function settled(entries: readonly Entry[]): Promise<void> {
  return new Promise((resolve) => {
    let waiting = 1;
    const one = () => {
      if (--waiting === 0) resolve();
    };
    for (const entry of entries) {
      if (entry.whenSettled(one)) waiting++;
    }
    one();
  });
}

function upstreamCaller({ authorization, requestId }: LoaderCaller): Caller | undefined {
  if (authorization === undefined) return undefined;
  const headers = ['authorization', authorization, 'accept', 'application/json', 'x-request-id', requestId];
  return { authorization, headers };
}
