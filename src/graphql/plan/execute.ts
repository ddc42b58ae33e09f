import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { RequestLoader } from '#loader/request-loader.ts';
import type { Entity, Values } from '../entities/define-entity.ts';
import { type Json, type Path, pathTo, Slot } from './answer.ts';
import { AnswerBuilder, type PlanResult } from './answer-builder.ts';
import { delegatedJson, executeDelegated } from './delegated.ts';
import { keyOf, keyOfRepresentation, ofRepresentedType, type Source, valuesOf } from './keys.ts';
import { leafJson } from './leaf.ts';
import { absent, type ObjectWriter, Place } from './place.ts';
import { isAsynchronous, type Plan, type PlannedField, readsOf, type Selection } from './plan.ts';

export interface ExecuteOptions {
  readonly schema: GraphQLSchema;
  readonly loader: RequestLoader;
  /** Coerced, by graphql-js. */
  readonly variables: Values;
  /** Characters of data and errors together. */
  readonly maxSize: number;
}

/**
 * Executes a plan, as the GraphQL specification (§6) says for its operation. Every object that is read is written as soon
 * as its own GET has answered, and what hangs on it is asked for at once.
 * @throws AnswerTooLarge
 */
export function executePlan(plan: Plan, options: ExecuteOptions): Promise<PlanResult> {
  return new Execution(options).run(plan, options.schema);
}

class Execution implements ObjectWriter {
  readonly answer: AnswerBuilder;
  readonly #loader: RequestLoader;
  readonly #variables: Values;
  /** Places of entities that were asked for. */
  #places = 0;
  #delegated: ExecutionResult = {};

  constructor({ loader, variables, maxSize }: ExecuteOptions) {
    this.answer = new AnswerBuilder(maxSize);
    this.#loader = loader;
    this.#variables = variables;
  }

  run(plan: Plan, schema: GraphQLSchema): Promise<PlanResult> {
    const { root } = this.answer;
    this.#delegated = executeDelegated(plan, schema, this.#variables);
    this.answer.settle(root, this.object(plan.selection, { key: [], item: undefined }, undefined, root));
    return this.answer.result;
  }

  /**
   * The JSON of an object, or undefined where a field of it is null that must not be: then the object is null, and so may
   * be what it stands in. `owner` is the part of the answer that becomes null for what comes later.
   */
  object(selection: Selection, source: Source, path: Path | undefined, owner: Slot): Json | undefined {
    if (this.answer.isTooLarge) return 'null';
    const { failure } = selection;
    if (failure !== undefined && path !== undefined) return this.answer.fail(failure, path, true);
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
        case 'rest':
        case 'withheld':
        case 'computed':
          return leafJson(field, entity, source, this.#variables);
        case 'link': {
          const { link, selection, nonNull, itemNonNull } = field;
          const args = field.arguments.read(this.#variables);
          const values = valuesOf(entity, source, link.reads);
          const path = pathTo(field, above);
          const keyAt = (item?: unknown) => keyOf(selection.entity, link.key(values, args, item));
          if (link.each === undefined) return this.#entity(selection, keyAt(), path, nonNull, owner);
          const items = listOf(args[link.each]);
          return this.#nullable(nonNull, isAsynchronous(selection), owner, (slot) =>
            this.#list(items, path, itemNonNull, (item, at) =>
              this.#entity(selection, keyAt(item), at, itemNonNull, slot),
            ),
          );
        }
        case 'delegated':
          return delegatedJson(field, this.#delegated, this.answer);
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
    const place = new Place(this, selection, readsOf(selection, this.#variables), key, path, nonNull, owner);
    this.answer.expect();
    try {
      this.#loader.request(resource, key, place);
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

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
