import { type ExecutionResult, executeSync, type GraphQLSchema } from 'graphql';
import type { ItemReceiver, LoadedItem } from '#loader/loaded-item.ts';
import type { RequestLoader } from '#loader/request-loader.ts';
import { badResponse, type UpstreamError } from '#upstream/errors.ts';
import type { Entity, Values } from '../entities/define-entity.ts';
import { type FieldError, inOrderOfAnswer, type Json, type Path, Slot, textOf } from './answer.ts';
import { keyOf, keyOfRepresentation, ofRepresentedType, type Source, valuesOf } from './keys.ts';
import {
  type DelegatedField,
  isAsynchronous,
  type Plan,
  type PlannedField,
  readsOf,
  type Selection,
} from './plan.ts';

/** What an execution gave. */
export interface PlanResult {
  /** JSON. */
  readonly data: string;
  /** In the order of the answer. */
  readonly errors: readonly FieldError[];
}

/** The answer grew larger than it may be. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

export interface ExecuteOptions {
  readonly schema: GraphQLSchema;
  readonly loader: RequestLoader;
  /** Coerced, by graphql-js. */
  readonly variables: Values;
  /** Characters that data and errors may have together. */
  readonly maxSize: number;
}

/**
 * Executes a plan, as the GraphQL specification (§6) says for its operation. Every object that is read is written as soon
 * as its own GET has answered, and what hangs on it is asked for at once.
 * @throws AnswerTooLarge
 */
export function executePlan(plan: Plan, options: ExecuteOptions): Promise<PlanResult> {
  return new Execution(options).run(plan);
}

const ROOT: Source = { key: [], item: undefined };

/** What an error takes in the answer, about: message, path, code, id. */
const ERROR_SIZE = 250;

class Execution {
  readonly #schema: GraphQLSchema;
  readonly #loader: RequestLoader;
  readonly #variables: Values;
  readonly #maxSize: number;
  readonly #root = new Slot(undefined, false);
  readonly #errors = new Set<FieldError>();
  /** The last error at a place that must not be null. */
  #propagated: FieldError | undefined;
  /** Places of entities that were asked for. */
  #places = 0;
  readonly #done = Promise.withResolvers<PlanResult>();
  #delegated: ExecutionResult = {};
  #size = 0;
  #isTooLarge = false;
  /** Objects that are waited for, and one for the walk through the operation's own fields. */
  #pending = 1;

  constructor({ schema, loader, variables, maxSize }: ExecuteOptions) {
    this.#schema = schema;
    this.#loader = loader;
    this.#variables = variables;
    this.#maxSize = maxSize;
  }

  run({ selection, delegated }: Plan): Promise<PlanResult> {
    if (delegated !== undefined) {
      this.#delegated = executeSync({
        schema: this.#schema,
        document: delegated,
        variableValues: this.#variables,
      });
    }
    this.settle(this.#root, this.object(selection, ROOT, undefined, this.#root));
    return this.#done.promise;
  }

  /** Completes a part of the answer that was waited for. */
  settle(slot: Slot, json: Json | undefined): void {
    if (json === undefined) slot.nullify();
    else slot.complete(json);
    this.#pending--;
    if (this.#pending > 0 || this.#isTooLarge) return;
    this.#done.resolve({ data: textOf(this.#root), errors: inOrderOfAnswer(this.#errors) });
  }

  /**
   * The JSON of an object, or undefined where a field of it is null that must not be: then the object is null, and so may
   * be what it stands in. `owner` is the part of the answer that becomes null for what comes later.
   */
  object(selection: Selection, source: Source, path: Path | undefined, owner: Slot): Json | undefined {
    if (this.#isTooLarge) return 'null';
    if (selection.failure !== undefined && path !== undefined)
      return this.fail(selection.failure, path, true);
    let parts: Json[] | undefined;
    let text = '';
    const placesBefore = this.#places;
    const causeBefore = owner.cause;
    for (const field of selection.fields) {
      text += field.prefix;
      if (field.kind === 'typename') continue;
      const json = this.#field(field, selection.entity, source, path, owner);
      if (json === undefined)
        return this.#places === placesBefore ? undefined : this.#nullLater(owner, causeBefore);
      if (typeof json === 'string') text += json;
      else {
        parts ??= [];
        parts.push(text, json);
        text = '';
      }
    }
    text += selection.fields.length === 0 ? '{}' : '}';
    this.#grow(text.length);
    if (parts === undefined) return text;
    parts.push(text);
    return parts;
  }

  /**
   * An object that waits for entities when a field turns out null that must not be. As in graphql-js, which then waits for
   * them before it passes the error on, the fields beside the object are executed all the same. The null has one error: of
   * those in one object the last, of those in several objects the first. `earlier` was there before this object.
   */
  #nullLater(owner: Slot, earlier: FieldError | undefined): 'null' {
    const dropped = earlier === undefined ? owner.cause : this.#propagated;
    if (dropped !== undefined) this.#errors.delete(dropped);
    owner.nullify(earlier ?? this.#propagated);
    return 'null';
  }

  /** Takes down an error: gives the null that stands for it, or undefined where there must be none. */
  fail(error: unknown, path: Path, nonNull: boolean): 'null' | undefined {
    this.#grow(ERROR_SIZE);
    const fieldError = { error: error instanceof Error ? error : new Error(String(error)), path };
    if (!this.#isTooLarge) this.#errors.add(fieldError);
    if (!nonNull) return 'null';
    this.#propagated = fieldError;
    return undefined;
  }

  #field(
    field: Exclude<PlannedField, { kind: 'typename' }>,
    entity: Entity,
    source: Source,
    above: Path | undefined,
    owner: Slot,
  ): Json | undefined {
    try {
      switch (field.kind) {
        case 'key':
          return JSON.stringify(source.key[field.index]);
        case 'rest':
          return restJson(source.item?.values[field.index]);
        case 'withheld': {
          const name = String(field.arguments.read(this.#variables)[field.argument]);
          return String(source.item?.isWithheld(entity.resource?.indexOf(name) ?? -1));
        }
        case 'computed':
          return computedJson(field.computed.compute(valuesOf(entity, source, field.computed.reads)), field);
        case 'link': {
          const { link, selection, nonNull, itemNonNull } = field;
          const args = field.arguments.read(this.#variables);
          const values = valuesOf(entity, source, link.reads);
          const path = pathTo(field, above);
          if (link.each === undefined) {
            return this.#entity(
              selection,
              keyOf(selection.entity, link.key(values, args, undefined)),
              path,
              nonNull,
              owner,
            );
          }
          const items = listOf(args[link.each]);
          return this.#nullable(nonNull, isAsynchronous(selection), owner, (slot) =>
            this.#list(items, path, itemNonNull, (item, at) =>
              this.#entity(
                selection,
                keyOf(selection.entity, link.key(values, args, item)),
                at,
                itemNonNull,
                slot,
              ),
            ),
          );
        }
        case 'delegated':
          return this.#delegatedJson(field);
        case 'entities': {
          const representations = listOf(field.arguments.read(this.#variables).representations);
          return this.#list(representations, pathTo(field, above), false, (item, at) => {
            const { type, representation } = ofRepresentedType(item, field.selections);
            return this.#entity(type, keyOfRepresentation(type.entity, representation), at, false, owner);
          });
        }
      }
    } catch (error) {
      return this.fail(error, pathTo(field, above), field.nonNull);
    }
  }

  /** A field as graphql-js has answered it, with its errors and those of all that is below it. */
  #delegatedJson(field: DelegatedField): Json | undefined {
    const { data, errors = [] } = this.#delegated;
    // It is the last error that makes the whole of graphql-js's answer null.
    const isNull = field.nonNull && !data && errors.at(-1)?.path?.[0] === field.responseName;
    for (const [order, error] of errors.entries()) {
      const [first, ...below] = error.path ?? [];
      if (first !== field.responseName) continue;
      let path = pathTo(field, undefined);
      for (const key of below) path = { above: path, nodes: field.nodes, key, order };
      this.fail(error, path, isNull);
    }
    if (isNull) return undefined;
    const text = JSON.stringify(data?.[field.responseName] ?? null);
    this.#grow(text.length);
    return text;
  }

  #list(
    items: readonly unknown[],
    path: Path,
    itemNonNull: boolean,
    write: (item: unknown, path: Path) => Json | undefined,
  ): Json | undefined {
    const parts: Json[] = [];
    for (let index = 0; index < items.length; index++) {
      const at = { above: path, nodes: path.nodes, key: index, order: index };
      let json: Json | undefined;
      try {
        json = write(items[index], at);
      } catch (error) {
        json = this.fail(error, at, itemNonNull);
      }
      if (json === undefined) return undefined;
      parts.push(index === 0 ? '[' : ',', json);
    }
    parts.push(items.length === 0 ? '[]' : ']');
    this.#grow(items.length);
    return parts;
  }

  /**
   * An entity at its place, which is read first if it has a resource.
   * @throws UpstreamError where it may not be asked for
   */
  #entity(
    selection: Selection,
    key: Source['key'] | undefined,
    path: Path,
    nonNull: boolean,
    owner: Slot,
  ): Json | undefined {
    if (key === undefined) return this.absent(path, nonNull);
    const { resource } = selection.entity;
    if (resource === undefined) {
      return this.#nullable(nonNull, selection.loads, owner, (slot) =>
        this.object(selection, { key, item: undefined }, path, slot),
      );
    }
    const place = new Place(this, selection, key, path, nonNull, owner);
    this.#pending++;
    try {
      this.#loader.request(resource, key, readsOf(selection, this.#variables), place);
    } catch (error) {
      this.#pending--;
      throw error;
    }
    this.#places++;
    return place;
  }

  /** Null where nothing is. */
  absent(path: Path, nonNull: boolean): 'null' | undefined {
    return nonNull ? this.fail(nullError(path), path, nonNull) : 'null';
  }

  /** A part of the answer that becomes null as a whole, now or later, where something in it must not be null but is. */
  #nullable(
    nonNull: boolean,
    isLater: boolean,
    owner: Slot,
    write: (owner: Slot) => Json | undefined,
  ): Json | undefined {
    if (nonNull) return write(owner);
    if (!isLater) return write(owner) ?? 'null';
    const slot = new Slot(owner, false);
    const json = write(slot);
    if (json === undefined) return 'null';
    slot.complete(json);
    return slot;
  }

  #grow(size: number): void {
    this.#size += size;
    if (this.#size <= this.#maxSize || this.#isTooLarge) return;
    this.#isTooLarge = true;
    this.#done.reject(new AnswerTooLarge());
  }
}

/** The place of an entity that is being read. */
class Place extends Slot implements ItemReceiver {
  readonly #execution: Execution;
  readonly #selection: Selection;
  readonly #key: Source['key'];
  readonly #path: Path;

  constructor(
    execution: Execution,
    selection: Selection,
    key: Source['key'],
    path: Path,
    nonNull: boolean,
    owner: Slot,
  ) {
    super(owner, nonNull);
    this.#execution = execution;
    this.#selection = selection;
    this.#key = key;
    this.#path = path;
  }

  settled(result: LoadedItem | null | UpstreamError): void {
    this.#execution.settle(this, this.#json(result));
  }

  #json(result: LoadedItem | null | UpstreamError): Json | undefined {
    if (result === null) return this.#execution.absent(this.#path, this.nonNull);
    if (result instanceof Error) return this.#execution.fail(result, this.#path, this.nonNull);
    return this.#execution.object(
      this.#selection,
      { key: this.#key, item: result },
      this.#path,
      this.nullable,
    );
  }
}

function pathTo({ nodes, responseName, order }: PlannedField, above: Path | undefined): Path {
  return { above, nodes, key: responseName, order };
}

function restJson(value: unknown): string {
  if (value instanceof Error) throw value;
  return value === undefined ? 'null' : JSON.stringify(value);
}

function computedJson(value: unknown, field: PlannedField): string {
  if (value === null && field.nonNull) throw badResponse(`"${field.name}" must not be null`);
  return JSON.stringify(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function nullError({ nodes }: Path): UpstreamError {
  return badResponse(`"${nodes[0]?.name.value}" must not be null`);
}
