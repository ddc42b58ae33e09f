import type { Outcome, Question } from '#upstream/outcome.ts';
import type { FieldSet } from '#upstream/resource.ts';

/** An item as one request knows it: what its GETs brought so far. */
export interface LoadedItem {
  /** By field: the value, null, or an `Error` that stands for that field alone; absent where it was withheld. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The fields that were asked for and came. */
  readonly present: FieldSet;
}

/**
 * One item within one request. What is known of it only grows; once it is known to be absent, or a GET for it failed,
 * it is not asked for again.
 */
export class Entry {
  readonly path: string;
  readonly #first: Question;
  #values: Record<string, unknown> | undefined;
  #present: FieldSet = 0;
  /** What the wave being gathered wants of it; undefined outside of one. */
  #wanted: FieldSet | undefined;
  /** Fields that some GET asked for; fields whose GET was answered. */
  #asked: FieldSet = 0;
  #answered: FieldSet = 0;
  #end: 'absent' | Error | undefined;
  #getsUnderWay = 0;
  #waiting: (() => void)[] = [];

  /** `first` is a question about the item, whichever fields it asks for. */
  constructor(path: string, first: Question) {
    this.path = path;
    this.#first = first;
  }

  /** Adds the fields of one more selection to the wave; true for the first one. */
  want(fields: FieldSet): boolean {
    const first = this.#wanted === undefined;
    this.#wanted = (this.#wanted ?? 0) | fields;
    return first;
  }

  /** Ends the wave: what to ask for, so that all that it wants will be known; undefined where nothing is missing. */
  takeQuestion(): Question | undefined {
    let fields = (this.#wanted ?? 0) & ~this.#asked;
    if (fields === 0 && this.#asked === 0) fields = this.#first.resource.existence;
    this.#wanted = undefined;
    if (fields === 0 || this.#end !== undefined) return undefined;
    return fields === this.#first.fields ? this.#first : { ...this.#first, fields };
  }

  /** Takes note of a GET for these fields. */
  expect(fields: FieldSet): void {
    this.#asked |= fields;
    this.#getsUnderWay++;
  }

  /** Takes in what the GET for these fields came to. */
  land(fields: FieldSet, outcome: Outcome): void {
    switch (outcome.kind) {
      case 'found':
        this.#answered |= fields;
        this.#present |= outcome.record.present;
        this.#values = this.#values ? { ...this.#values, ...outcome.record.values } : outcome.record.values;
        break;
      case 'absent':
        this.#end = 'absent';
        break;
      case 'failed':
        this.#end ??= outcome.error;
    }
    if (--this.#getsUnderWay > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const settled of waiting) settled();
  }

  /** Calls `settled` once no GET is under way any more; false, and no call, where none is. */
  whenSettled(settled: () => void): boolean {
    if (this.#getsUnderWay === 0) return false;
    this.#waiting = [...this.#waiting, settled];
    return true;
  }

  /** The item with these fields, null where it is absent, or the error of the GET that should have brought them. */
  read(fields: FieldSet): LoadedItem | null | Error {
    if (this.#end === 'absent') return null;
    if (this.#values !== undefined && (fields & ~this.#answered) === 0) {
      return { values: this.#values, present: this.#present };
    }
    return this.#end ?? new Error('An item was read before it was asked for');
  }
}
