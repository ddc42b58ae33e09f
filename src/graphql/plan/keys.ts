import { GraphQLError } from 'graphql';
import type { LoadedItem } from '#loader/loaded-item.ts';
import { invalidIdentifier } from '#upstream/errors.ts';
import { isJsonObject } from '#upstream/protocol/json-object.ts';
import { pathSegment } from '#upstream/resource.ts';
import type { Entity, KeySource, Link, Values } from '../entities/define-entity.ts';
import type { Argument, FieldArguments } from './field-arguments.ts';

/** What an object of the answer is read from. */
export interface Source {
  /** Values of the entity's key, in its order. */
  readonly key: readonly string[];
  /** What was read of it; undefined where the entity has no resource. */
  readonly item: LoadedItem | undefined;
}

/** A part of a key: an argument, part of the source's key, one of the link's items, or made of REST fields of the source. */
export type KeyPart =
  | ({ readonly kind: 'argument' } & Argument)
  | { readonly kind: 'key'; readonly index: number }
  | { readonly kind: 'item' }
  | {
      readonly kind: 'computed';
      readonly reads: readonly string[];
      readonly compute: (source: Values) => unknown;
    };

/** Reads the keys of the objects that a link leads to. */
export class LinkKey {
  /** In the order of the target's key. */
  readonly parts: readonly KeyPart[];
  /** The REST fields of the source that it needs. */
  readonly reads: readonly string[];
  readonly #source: Entity;
  readonly #target: Entity;
  readonly #arguments: FieldArguments;

  constructor(link: Link, source: Entity, target: Entity, args: FieldArguments) {
    this.parts = target.key.map((name) => keyPart(link.key[name], source, args));
    this.reads = this.parts.flatMap((part) => (part.kind === 'computed' ? part.reads : []));
    this.#source = source;
    this.#target = target;
    this.#arguments = args;
  }

  /**
   * The key that it has under these variables, for an item where it is one of a list; undefined where a part of it is
   * null, so that there is no such object.
   * @throws GraphQLError where an argument is missing or null and must not be
   * @throws UpstreamError where a part is not an identifier, or a field that was read has the wrong type
   */
  read(source: Source, variables: Values, item?: unknown): readonly string[] | undefined {
    const { key: names, resource } = this.#target;
    const key: string[] = [];
    for (const part of this.parts) {
      const value = part.kind === 'item' ? item : this.#value(part, source, variables);
      if (value === null || value === undefined) return undefined;
      // That of a resource is checked on its way into the path.
      key.push(resource === undefined ? pathSegment(names[key.length] ?? '', value) : String(value));
    }
    return key;
  }

  #value(part: Exclude<KeyPart, { kind: 'item' }>, source: Source, variables: Values): unknown {
    switch (part.kind) {
      case 'argument':
        return this.#arguments.value(part, variables);
      case 'key':
        return source.key[part.index];
      case 'computed':
        // As with graphql-js, what is wrong with an argument comes first.
        this.#arguments.read(variables);
        return part.compute(valuesOf(this.#source, source, part.reads));
    }
  }
}

function keyPart(from: KeySource | undefined, source: Entity, args: FieldArguments): KeyPart {
  switch (from?.kind) {
    case 'argument':
      return { kind: 'argument', ...args.argument(from.name) };
    case 'each':
      return { kind: 'item' };
    case 'field': {
      const { name } = from;
      const index = source.key.indexOf(name);
      if (index !== -1) return { kind: 'key', index };
      return { kind: 'computed', reads: [name], compute: (values) => values[name] };
    }
    case 'computed':
      return from;
    case undefined:
      throw new TypeError(`A link of ${source.type} has no whole key`);
  }
}

/**
 * What a function of a derived field gets: the key, and the REST fields that it reads, by name.
 * @throws UpstreamError where one of those has the wrong type
 */
export function valuesOf(entity: Entity, { key, item }: Source, reads: readonly string[]): Values {
  const values: Record<string, unknown> = {};
  for (let index = 0; index < entity.key.length; index++) values[entity.key[index] ?? ''] = key[index];
  for (const name of reads) {
    const value = item?.values[entity.resource?.indexOf(name) ?? -1] ?? null;
    if (value instanceof Error) throw value;
    values[name] = value;
  }
  return values;
}

/**
 * The key in an entity representation. The router passes on what other subgraphs gave it: only the key is used, and even
 * that is checked. A JSON integer counts as an `ID`, as in a variable.
 * @throws UpstreamError where a part is missing or is not an identifier
 */
export function keyOfRepresentation(entity: Entity, representation: Values): readonly string[] {
  return entity.key.map((name) => {
    const value = Object.hasOwn(representation, name) ? representation[name] : undefined;
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw invalidIdentifier(name);
    return pathSegment(name, typeof value === 'number' ? String(value) : value);
  });
}

/**
 * What `types` has for the `__typename` of an entity representation.
 * @throws GraphQLError where it is no representation, or of none of these types
 */
export function ofRepresentedType<T>(
  representation: unknown,
  types: ReadonlyMap<string, T>,
): { readonly type: T; readonly representation: Values } {
  if (isJsonObject(representation) && Object.hasOwn(representation, '__typename')) {
    const { __typename: name } = representation;
    const type = typeof name === 'string' ? types.get(name) : undefined;
    if (type !== undefined) return { type, representation };
  }
  throw invalidRepresentation(types);
}

/** A list may hold thousands of them: the error is made once, since its stack costs more than all the rest. */
const invalidRepresentations = new WeakMap<ReadonlyMap<string, unknown>, GraphQLError>();

function invalidRepresentation(types: ReadonlyMap<string, unknown>): GraphQLError {
  let error = invalidRepresentations.get(types);
  if (error === undefined) {
    const message = `A representation must be an object whose __typename is one of ${[...types.keys()].join(', ')}.`;
    error = new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
    invalidRepresentations.set(types, error);
  }
  return error;
}
