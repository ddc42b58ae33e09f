import type { ResourceReader } from '#loader/resource-loader.ts';
import { type Answered, Call, type Caller } from '#upstream/call.ts';
import type { Outcome, Question } from '#upstream/outcome.ts';

/** A GET that was asked for, and stays in flight until the test lands it. */
export interface ScriptedGet {
  /** Path and flags. */
  readonly url: string;
  readonly question: Question;
  readonly caller: Caller;
  /** How often whoever asked gave it up. */
  readonly cancellations: number;
  land(outcome: Outcome): void;
}

/** A `ResourceReader` without a REST API: the test sees each GET, and says when it lands and with what. */
export class ScriptedReader implements ResourceReader {
  readonly gets: ScriptedGet[] = [];
  readonly #onGet: (get: ScriptedGet) => void;

  /** `onGet` is called with each GET as it is made. */
  constructor(onGet: (get: ScriptedGet) => void = () => {}) {
    this.#onGet = onGet;
  }

  get urls(): string[] {
    return this.gets.map(({ url }) => url);
  }

  get(path: string, question: Question, caller: Caller, answered: Answered): Call {
    const url = path + question.resource.query(question.fields);
    let cancellations = 0;
    const call = new Call({ url, leave: () => cancellations++ }, false, answered);
    const get: ScriptedGet = {
      url,
      question,
      caller,
      get cancellations() {
        return cancellations;
      },
      land: (outcome) => call.answer({ outcome, status: 200, bytes: 0, attempts: 1 }),
    };
    this.gets.push(get);
    this.#onGet(get);
    return call;
  }
}

/** An item that was found: the fields of `values` are there, those left out were withheld. */
export function found(question: Question, values: Readonly<Record<string, unknown>>): Outcome {
  const { resource, fields } = question;
  const present = resource.fieldsIn(fields).filter((field) => field in values);
  const record = {
    present: resource.fieldSet(present),
    values: Object.fromEntries(present.map((field) => [field, values[field]])),
  };
  return { kind: 'found', record };
}

export const absent: Outcome = { kind: 'absent' };

export function failed(error: Error): Outcome {
  return { kind: 'failed', error };
}
