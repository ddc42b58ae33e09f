import type { ItemReceiver, LoadedItem } from '#loader/loaded-item.ts';
import { badResponse, type UpstreamError } from '#upstream/errors.ts';
import type { FieldMask } from '#upstream/field-mask.ts';
import { type Json, type Path, Slot } from './answer.ts';
import type { AnswerBuilder } from './answer-builder.ts';
import type { Source } from './keys.ts';
import type { Selection } from './plan.ts';

/** Writes objects that were read. */
export interface ObjectWriter {
  readonly answer: AnswerBuilder;
  /** The JSON of an object; undefined where it is null because of what stands in it. */
  object(selection: Selection, source: Source, path: Path | undefined, owner: Slot): Json | undefined;
}

/** The place of an entity that is being read. */
export class Place extends Slot implements ItemReceiver {
  readonly fields: FieldMask;
  readonly #writer: ObjectWriter;
  readonly #selection: Selection;
  readonly #key: Source['key'];
  readonly #path: Path;

  constructor(
    writer: ObjectWriter,
    selection: Selection,
    fields: FieldMask,
    key: Source['key'],
    path: Path,
    nonNull: boolean,
    owner: Slot,
  ) {
    super(owner, nonNull);
    this.fields = fields;
    this.#writer = writer;
    this.#selection = selection;
    this.#key = key;
    this.#path = path;
  }

  settled(result: LoadedItem | null | UpstreamError): void {
    this.#writer.answer.settle(this, this.#json(result));
  }

  #json(result: LoadedItem | null | UpstreamError): Json | undefined {
    const { answer } = this.#writer;
    if (result === null) return absent(answer, this.#path, this.nonNull);
    if (result instanceof Error) return answer.fail(result, this.#path, this.nonNull);
    return this.#writer.object(this.#selection, { key: this.#key, item: result }, this.#path, this.nullable);
  }
}

/** Null where nothing is; an error where something must be. */
export function absent(answer: AnswerBuilder, path: Path, nonNull: boolean): 'null' | undefined {
  if (!nonNull) return 'null';
  return answer.fail(badResponse(`"${path.nodes[0]?.name.value}" must not be null`), path, nonNull);
}
