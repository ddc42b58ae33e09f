import { type ExecutionResult, executeSync, type GraphQLSchema } from 'graphql';
import type { RequestLoader } from '#loader/request-loader.ts';
import { badResponse } from '#upstream/errors.ts';
import type { Entity, Values } from '../entities/define-entity.ts';
import { type Json, type Path, Slot } from './answer.ts';
import { AnswerBuilder, type PlanResult } from './answer-builder.ts';
import {
  computedValue,
  keyOf,
  keyOfRepresentation,
  ofRepresentedType,
  type Source,
  valuesOf,
} from './keys.ts';
import { absent, type ObjectWriter, Place } from './place.ts';
import {
  type DelegatedField,
  isAsynchronous,
  type Plan,
  type PlannedField,
  readsOf,
  type Selection,
} from './plan.ts';

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

class Execution implements ObjectWriter {
  readonly answer: AnswerBuilder;
  readonly #schema: GraphQLSchema;
  readonly #loader: RequestLoader;
  readonly #variables: Values;
  /** Places of entities that were asked for. */
  #places = 0;
  #delegated: ExecutionResult = {};

  constructor({ schema, loader, variables, maxSize }: ExecuteOptions) {
    this.answer = new AnswerBuilder(maxSize);
    this.#schema = schema;
    this.#loader = loader;
    this.#variables = variables;
  }

  run({ selection, delegated }: Plan): Promise<PlanResult> {
    const { answer } = this;
    if (delegated !== undefined) {
      const variableValues = this.#variables;
      this.#delegated = executeSync({ schema: this.#schema, document: delegated, variableValues });
    }
    answer.settle(answer.root, this.object(selection, ROOT, undefined, answer.root));
    return answer.result;
  }

  /**
   * The JSON of an object, or undefined where a field of it is null that must not be: then the object is null, and so may
   * be what it stands in. `owner` is the part of the answer that becomes null for what comes later.
   */
  object(selection: Selection, source: Source, path: Path | undefined, owner: Slot): Json | undefined {
    if (this.answer.isTooLarge) return 'null';
    if (selection.failure !== undefined && path !== undefined)
      return this.answer.fail(selection.failure, path, true);
    let parts: Json[] | undefined;
    let text = '';
    const placesBefore = this.#places;
    const causeBefore = owner.cause;
    for (const field of selection.fields) {
      text += field.prefix;
      if (field.kind === 'typename') continue;
      const json = this.#field(field, selection.entity, source, path, owner);
      if (json === undefined) {
        return this.#places === placesBefore ? undefined : this.answer.nullify(owner, causeBefore);
      }
      if (typeof json === 'string') text += json;
      else {
        parts ??= [];
        parts.push(text, json);
        text = '';
      }
    }
    text += selection.fields.length === 0 ? '{}' : '}';
    this.answer.grow(text.length);
    if (parts === undefined) return text;
    parts.push(text);
    return parts;
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
          return computedJson(computedValue(entity, source, field.computed, field.type), field);
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
      return this.answer.fail(error, pathTo(field, above), field.nonNull);
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
      this.answer.fail(error, path, isNull);
    }
    if (isNull) return undefined;
    const text = JSON.stringify(data?.[field.responseName] ?? null);
    this.answer.grow(text.length);
    return text;
  }

  #list(
    items: readonly unknown[],
    path: Path,
    itemNonNull: boolean,
    write: (item: unknown, path: Path) => Json | undefined,
  ): Json | undefined {
    const parts: Json[] = [];
    for (let index = 0; index < items.length && !this.answer.isTooLarge; index++) {
      const at = { above: path, nodes: path.nodes, key: index, order: index };
      let json: Json | undefined;
      try {
        json = write(items[index], at);
      } catch (error) {
        json = this.answer.fail(error, at, itemNonNull);
      }
      if (json === undefined) return undefined;
      parts.push(index === 0 ? '[' : ',', json);
    }
    parts.push(items.length === 0 ? '[]' : ']');
    this.answer.grow(items.length);
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
    if (key === undefined) return absent(this.answer, path, nonNull);
    const { resource } = selection.entity;
    if (resource === undefined) {
      return this.#nullable(nonNull, selection.loads, owner, (slot) =>
        this.object(selection, { key, item: undefined }, path, slot),
      );
    }
    const place = new Place(this, selection, key, path, nonNull, owner);
    this.answer.expect();
    try {
      this.#loader.request(resource, key, readsOf(selection, this.#variables), place);
    } catch (error) {
      this.answer.forget();
      throw error;
    }
    this.#places++;
    return place;
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
