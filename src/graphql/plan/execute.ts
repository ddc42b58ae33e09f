import { type ExecutionResult, executeSync, type GraphQLSchema } from 'graphql';
import type { ItemReceiver, LoadedItem } from '#loader/loaded-item.ts';
import type { RequestLoader } from '#loader/request-loader.ts';
import { badResponse, type UpstreamError } from '#upstream/errors.ts';
import { FieldMask } from '#upstream/field-mask.ts';
import type { Values } from '../entities/define-entity.ts';
import { Answer, type Json, type PlanResult, Slot } from './answer.ts';
import { delegatedJson } from './delegated.ts';
import { keyOfRepresentation, ofRepresentedType, type Source } from './keys.ts';
import { leafJson, readsOf } from './leaf.ts';
import type { EntitiesField, LinkField, Plan, PlannedField, Selection } from './plan.ts';

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
  return new Execution(plan, options).run();
}

class Execution {
  readonly answer: Answer;
  readonly #root: Place;
  readonly #loader: RequestLoader;
  readonly #variables: Values;
  /** What graphql-js answers: introspection, and `_service`. */
  readonly #delegated: ExecutionResult | undefined;
  /** Places of entities that were asked for. */
  #asked = 0;

  constructor(plan: Plan, { schema, loader, variables, maxSize }: ExecuteOptions) {
    this.#root = new Place(this, plan.selection, []);
    this.answer = new Answer(this.#root, maxSize);
    this.#loader = loader;
    this.#variables = variables;
    const { delegated: document } = plan;
    this.#delegated = document && executeSync({ schema, document, variableValues: variables });
  }

  run(): Promise<PlanResult> {
    this.answer.settle(this.#root, this.object(this.#root));
    return this.answer.result;
  }

  /**
   * The JSON of an object, or undefined where a field of it is null that must not be: then the object is null, and so may
   * be what it stands in.
   */
  object(place: Place): Json | undefined {
    if (this.answer.isTooLarge) return 'null';
    const { fields, failure } = place.selection;
    if (failure !== undefined) return this.answer.fail(failure, place);
    let parts: Json[] | undefined;
    let text = '';
    const askedBefore = this.#asked;
    const causeBefore = place.nullable.cause;
    for (const field of fields) {
      text += field.prefix;
      if (field.kind === 'typename') continue;
      const json = this.#field(field, place);
      if (json === undefined) {
        return this.#asked === askedBefore ? undefined : this.answer.nullify(place.nullable, causeBefore);
      }
      if (typeof json === 'string') text += json;
      else {
        parts ??= [];
        parts.push(text, json);
        text = '';
      }
    }
    text += fields.length === 0 ? '{}' : '}';
    this.answer.grow(text.length);
    if (parts === undefined) return text;
    parts.push(text);
    return parts;
  }

  #field(field: Exclude<PlannedField, { kind: 'typename' }>, place: Place): Json | undefined {
    try {
      switch (field.kind) {
        case 'link':
          if (field.each !== undefined) return this.#list(field, field.each, place);
          return this.#entity(field, field.selection, field.key.read(place, this.#variables), place);
        case 'entities':
          return this.#list(field, field.each, place);
        case 'delegated':
          return delegatedJson(field, this.#delegated ?? {}, place, this.answer);
        default:
          return leafJson(field, place.selection.entity, place, this.#variables);
      }
    } catch (error) {
      return this.answer.fail(error, new Slot(place, field));
    }
  }

  #list(field: LinkField | EntitiesField, each: string, source: Place): Json | undefined {
    const items = field.arguments.items(each, this.#variables);
    const list = new Slot(source, field);
    const parts: Json[] = [];
    for (let index = 0; index < items.length && !this.answer.isTooLarge; index++) {
      const json = this.#item(field, items[index], source, list, index);
      if (json === undefined) return list.nonNull ? undefined : 'null';
      parts.push(index === 0 ? '[' : ',', json);
    }
    parts.push(items.length === 0 ? '[]' : ']');
    this.answer.grow(items.length);
    return list.completed(parts);
  }

  #item(field: LinkField | EntitiesField, item: unknown, source: Place, list: Slot, index: number) {
    try {
      if (field.kind === 'link') {
        const key = field.key.read(source, this.#variables, item);
        return this.#entity(field, field.selection, key, list, index);
      }
      const { type, representation } = ofRepresentedType(item, field.selections);
      return this.#entity(field, type, keyOfRepresentation(type.entity, representation), list, index);
    } catch (error) {
      return this.answer.fail(error, new Slot(list, field, index));
    }
  }

  /**
   * An entity at its place, which is read first if it has a resource.
   * @throws UpstreamError where it may not be asked for
   */
  #entity(
    field: PlannedField,
    selection: Selection,
    key: readonly string[] | undefined,
    above: Slot,
    index?: number,
  ): Json | undefined {
    const place = new Place(this, selection, key ?? [], above, field, index);
    if (key === undefined) return place.absent();
    const { resource } = selection.entity;
    if (resource === undefined) return place.completed(this.object(place));
    // The place may be told before this returns.
    this.answer.expect();
    try {
      place.fields = readsOf(selection, this.#variables);
      this.#loader.request(resource, key, place);
    } catch (error) {
      this.answer.forget();
      throw error;
    }
    this.#asked++;
    return place;
  }
}

/** The place of an object: what its fields are read from, and the receiver of its item. */
class Place extends Slot implements Source, ItemReceiver {
  readonly selection: Selection;
  readonly key: readonly string[];
  fields = FieldMask.none;
  item: LoadedItem | undefined = undefined;
  readonly #execution: Execution;

  constructor(
    execution: Execution,
    selection: Selection,
    key: readonly string[],
    above?: Slot,
    field?: PlannedField,
    index?: number,
  ) {
    super(above, field, index);
    this.selection = selection;
    this.key = key;
    this.#execution = execution;
  }

  settled(result: LoadedItem | null | UpstreamError): void {
    this.#execution.answer.settle(this, this.#json(result));
  }

  /** Null where nothing is; an error where something must be. */
  absent(): 'null' | undefined {
    if (!this.nonNull) return 'null';
    return this.#execution.answer.fail(badResponse(`"${this.field?.name}" must not be null`), this);
  }

  #json(result: LoadedItem | null | UpstreamError): Json | undefined {
    if (result === null) return this.absent();
    if (result instanceof Error) return this.#execution.answer.fail(result, this);
    this.item = result;
    return this.#execution.object(this);
  }
}
