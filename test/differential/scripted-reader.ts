import { setImmediate } from 'node:timers/promises';
import { rateLimited, rejected, type UpstreamError, unavailable } from '#upstream/errors.ts';
import type {
  Caller,
  Fetch,
  FetchReceiver,
  FetchResult,
  ResourceQuery,
  ResourceReader,
} from '#upstream/fetch.ts';
import { readEnvelope } from '#upstream/protocol/envelope.ts';
import { findUser } from './world.ts';

interface Asked {
  readonly query: ResourceQuery;
  readonly url: string;
  readonly receiver: FetchReceiver;
}

/** In which order GETs are answered: all that are out together, or one at a time, chosen by a number from 0 to 1. */
export type AnswerOrder = 'together' | (() => number);

/** Stands for the REST API and writes down what it is asked for. It answers in a chosen order, without a clock. */
export class ScriptedReader implements ResourceReader {
  /** The URLs of GETs; those that were out together are one wave. */
  readonly waves: string[][] = [];
  readonly #order: AnswerOrder;
  #out: Asked[] = [];
  #isAnswering = false;

  constructor(order: AnswerOrder) {
    this.#order = order;
  }

  fetch(query: ResourceQuery, _caller: Caller, receiver: FetchReceiver): Fetch {
    this.#out.push({ query, url: query.path + query.resource.query(query.fields), receiver });
    if (!this.#isAnswering) void this.#answerAll();
    return { cancel() {} };
  }

  isOverloaded(): boolean {
    return false;
  }

  async #answerAll(): Promise<void> {
    this.#isAnswering = true;
    // An immediate comes after everything that can go on without an answer.
    for (await setImmediate(); this.#out.length > 0; await setImmediate()) {
      const answered = this.#take();
      this.waves.push(answered.map(({ url }) => url));
      for (const asked of answered) answer(asked);
    }
    this.#isAnswering = false;
  }

  #take(): Asked[] {
    if (this.#order === 'together') return this.#out.splice(0);
    return this.#out.splice(Math.floor(this.#order() * this.#out.length), 1);
  }
}

function answer({ query, url, receiver }: Asked): void {
  const { status, result } = read(query, url);
  const error = result.kind === 'failed' ? result.error : undefined;
  const resource = query.resource.name;
  receiver.fetched(query, result, {
    resource,
    url,
    status,
    startedAt: 0,
    durationMs: 0,
    bytes: 0,
    attempts: 1,
    shared: false,
    error,
  });
}

const PATH = /^\/apis\/v1\/communities\/([\w-]+)\/users\/([\w-]+)\?([\w&]+)$/;

function read(query: ResourceQuery, url: string): { status: number; result: FetchResult } {
  const [, communityId = '', userId = '', flags = ''] = PATH.exec(url) ?? [];
  const user = findUser(communityId, userId) ?? { status: 404 };
  if (user.status === 404) return { status: 404, result: { kind: 'absent' } };
  if (user.status !== 200) {
    return { status: user.status, result: { kind: 'failed', error: ERRORS[user.status]() } };
  }
  const members = flags.split('&').flatMap((flag) => {
    const field = user.fields[flag];
    return field === undefined ? [] : `${JSON.stringify(flag)}:${field.json}`;
  });
  const result = readEnvelope(`{"data":{${members.join(',')}}}`, query);
  if (typeof result === 'number') throw new TypeError('The envelope names no status');
  return { status: 200, result };
}

const ERRORS: Readonly<Record<403 | 429 | 500, () => UpstreamError>> = {
  403: () => rejected(403),
  429: () => rateLimited(7),
  500: () => unavailable('it answered 500'),
};
