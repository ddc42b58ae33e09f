import type { Outcome, Question } from '../upstream/outcome.ts';
import type { FieldSet, Identifiers, Resource } from '../upstream/resource.ts';

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
  readonly #resource: Resource;
  readonly #identifiers: Identifiers;
  readonly #item: { values: Record<string, unknown>; present: FieldSet } = { values: {}, present: 0 };
  /** What the wave being gathered wants of it; undefined outside of one. */
  #wanted: FieldSet | undefined;
  /** Fields that some GET asked for; fields whose GET was answered. */
  #asked: FieldSet = 0;
  #answered: FieldSet = 0;
  #exists = false;
  #end: { readonly absent: true } | { readonly error: Error } | undefined;
  /** Settles once every GET made so far has; never rejects. */
  #settled: Promise<unknown> | undefined;

  constructor(path: string, { resource, identifiers }: Question) {
    this.path = path;
    this.#resource = resource;
    this.#identifiers = identifiers;
  }

  /** Adds the fields of one more selection to the wave. */
  want(fields: FieldSet): void {
    this.#wanted = (this.#wanted ?? 0) | fields;
  }

  /** Ends the wave: what to ask for, so that all that it wants will be known; undefined where nothing is missing. */
  takeQuestion(): Question | undefined {
    if (this.#wanted === undefined) return undefined;
    let fields = this.#wanted & ~this.#asked;
    if (fields === 0 && this.#asked === 0) fields = this.#resource.existence;
    this.#wanted = undefined;
    if (fields === 0 || this.#end !== undefined) return undefined;
    return { resource: this.#resource, identifiers: this.#identifiers, fields };
  }

  /** Takes note of a GET for these fields; `landed` settles, without rejecting, after `land` was told its outcome. */
  expect(fields: FieldSet, landed: Promise<unknown>): void {
    this.#asked |= fields;
    this.#settled = this.#settled === undefined ? landed : Promise.all([this.#settled, landed]);
  }

  /** Takes in what a GET for these fields came to. */
  land(fields: FieldSet, outcome: Outcome): void {
    switch (outcome.kind) {
      case 'found':
        this.#exists = true;
        this.#answered |= fields;
        this.#item.present |= outcome.record.present;
        Object.assign(this.#item.values, outcome.record.values);
        break;
      case 'absent':
        this.#end = { absent: true };
        break;
      case 'failed':
        this.#end ??= { error: outcome.error };
    }
  }

  /**
   * The item with at least these fields known, as soon as the GETs for them are answered; null where it is absent.
   * @throws the error of the GET that should have brought them
   */
  item(fields: FieldSet): LoadedItem | null | Promise<LoadedItem | null> {
    if (this.#settled === undefined || this.#end !== undefined || this.#has(fields))
      return this.#read(fields);
    return this.#settled.then(() => this.#read(fields));
  }

  #has(fields: FieldSet): boolean {
    return this.#exists && (fields & ~this.#answered) === 0;
  }

  #read(fields: FieldSet): LoadedItem | null {
    const end = this.#end;
    if (end !== undefined && 'absent' in end) return null;
    if (this.#has(fields)) return this.#item;
    throw end?.error ?? new Error('An item was read before it was asked for');
  }
}
