import type { PlannedField } from './plan.ts';

/** JSON text, or the parts of it in order, some of which are still to come. */
export type Json = string | Slot | readonly Json[];

/** An error and its place. */
export interface FieldError {
  readonly error: Error;
  readonly place: Slot;
}

/** A place in the answer, whose JSON is completed later, or becomes `null` by what happens below it. */
export class Slot {
  /** What it stands in; undefined for the whole answer. */
  readonly above: Slot | undefined;
  /** The field whose value stands here; undefined for the whole answer. */
  readonly field: PlannedField | undefined;
  /** Of an item of the value: its place in the list. Otherwise -1. */
  readonly index: number;
  /** The innermost place, from this one outwards, that may be null. */
  readonly nullable: Slot;
  /** The error that has made it null, if one did before all of it was there. */
  cause: FieldError | undefined;
  #json: Json | undefined;

  constructor(above?: Slot, field?: PlannedField, index = -1) {
    this.above = above;
    this.field = field;
    this.index = index;
    const nonNull = index === -1 ? field?.nonNull : field?.itemNonNull;
    this.nullable = nonNull && above !== undefined ? above.nullable : this;
    this.cause = undefined;
  }

  get nonNull(): boolean {
    return this.nullable !== this;
  }

  get json(): Json {
    return this.#json ?? 'null';
  }

  /** Does nothing where it has become null. */
  complete(json: Json): void {
    this.#json ??= json;
  }

  /** What stands here where it is not waited for: its JSON, or this place where that may still become null. */
  completed(json: Json | undefined): Json | undefined {
    if (this.nonNull) return json;
    if (json === undefined || typeof json === 'string') return json ?? 'null';
    this.complete(json);
    return this;
  }

  /** A null that is not allowed here is passed on outwards (GraphQL specification §6.4.4). */
  nullify(cause?: FieldError): void {
    this.nullable.#json = 'null';
    this.nullable.cause = cause;
  }
}

/** The text of a place, all of which is there. */
export function textOf(json: Json): string {
  if (typeof json === 'string') return json;
  if (json instanceof Slot) return textOf(json.json);
  let text = '';
  for (const part of json) text += textOf(part);
  return text;
}
