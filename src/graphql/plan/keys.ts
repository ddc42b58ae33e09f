import { GraphQLError, type GraphQLOutputType, getNamedType, isLeafType } from 'graphql';
import type { LoadedItem } from '#loader/loaded-item.ts';
import { invalidIdentifier } from '#upstream/errors.ts';
import { isJsonObject } from '#upstream/protocol/json-object.ts';
import { pathSegment } from '#upstream/resource.ts';
import type { Computed, Entity, Values } from '../entities/define-entity.ts';

/** What an object of the answer is read from. */
export interface Source {
  /** Values of the entity's key, in its order. */
  readonly key: readonly string[];
  /** What was read of it; undefined where the entity has no resource. */
  readonly item: LoadedItem | undefined;
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
 * The value of a computed field of this type, as the answer has it.
 * @throws UpstreamError where a field that it reads has the wrong type
 * @throws TypeError where it is of another type itself
 */
export function computedValue(
  entity: Entity,
  source: Source,
  { reads, compute }: Computed,
  type: GraphQLOutputType,
): unknown {
  const value = compute(valuesOf(entity, source, reads)) ?? null;
  const leaf = getNamedType(type);
  if (value === null || !isLeafType(leaf)) return value;
  try {
    return leaf.serialize(value);
  } catch (cause) {
    throw new TypeError(`A computed field of ${entity.type} has a value that is no ${leaf.name}`, { cause });
  }
}

/**
 * The key of an entity among values by name; undefined where a part of it is null, so that there is no such object.
 * @throws UpstreamError where a part is not an identifier
 */
export function keyOf(entity: Entity, values: Values): readonly string[] | undefined {
  const key: string[] = [];
  for (const name of entity.key) {
    const value = values[name];
    if (value === null || value === undefined) return undefined;
    // That of a resource is checked on its way into the path.
    key.push(entity.resource === undefined ? pathSegment(name, value) : String(value));
  }
  return key;
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
  const message = `A representation must be an object whose __typename is one of ${[...types.keys()].join(', ')}.`;
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
