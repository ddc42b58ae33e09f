import { InvalidIdentifierError } from './errors.ts';
import type { FieldDecoder } from './field-decoders.ts';

/** A set of a resource's fields: bit `n` stands for the `n`th field. */
export type FieldSet = number;

/** What tells one item of a resource from another: the values of its path's parameters, in order. */
export type Identifiers = readonly string[];

/** What there is to say of a REST resource whose GET selects its fields by bare query flags. */
export interface ResourceDefinition<Field extends string> {
  /** Path with its parameters in braces: `/communities/{communityId}/users/{userId}`. */
  readonly path: string;
  /** Every field that has a flag, in the order in which flags are sent, with the way to read its value. */
  readonly fields: Readonly<Record<Field, FieldDecoder>>;
  /** The field to ask for where only the existence of the item matters. */
  readonly existenceField: NoInfer<Field>;
  /** Whether the `data` of an answer can be the item asked for; absent, it always can. */
  readonly isAnswerTo?: (identifiers: Identifiers, data: Readonly<Record<string, unknown>>) => boolean;
}

/** A REST resource with field flags, ready for use. */
export interface Resource<Field extends string = string> {
  readonly fields: readonly Field[];
  readonly decoders: readonly FieldDecoder[];
  /** The set that asks whether the item exists, and for nothing more. */
  readonly existence: FieldSet;
  readonly isAnswerTo: (identifiers: Identifiers, data: Readonly<Record<string, unknown>>) => boolean;
  /** The set of these fields. */
  fieldSet(fields: Iterable<Field>): FieldSet;
  /** The fields of a set, in the order of the flags. */
  fieldsIn(set: FieldSet): Field[];
  /**
   * The path of one item, without flags.
   * @throws InvalidIdentifierError where an identifier is not one
   */
  path(identifiers: Identifiers): string;
  /** The flags of a set as they stand in a URL, question mark included: `?_id&email`. */
  query(set: FieldSet): string;
}

/**
 * Checks a definition and makes the resource of it.
 * @throws TypeError where the definition has more fields than a `FieldSet` has bits
 */
export function defineResource<Field extends string>(definition: ResourceDefinition<Field>): Resource<Field> {
  const fields = Object.keys(definition.fields) as Field[];
  if (fields.length > 31) throw new TypeError(`${definition.path} has more than 31 fields`);
  const [prefix = '', ...parameters] = definition.path.split('{').map((part) => part.split('}'));
  const queries = new Map<FieldSet, string>();

  const resource: Resource<Field> = {
    fields,
    decoders: fields.map((field) => definition.fields[field]),
    existence: 1 << fields.indexOf(definition.existenceField),
    isAnswerTo: definition.isAnswerTo ?? (() => true),
    fieldSet(members) {
      let set = 0;
      for (const field of members) set |= 1 << fields.indexOf(field);
      return set;
    },
    fieldsIn: (set) => fields.filter((_, index) => (set & (1 << index)) !== 0),
    path(identifiers) {
      let path = prefix[0] ?? '';
      for (let index = 0; index < parameters.length; index++) {
        const [name = '', literal = ''] = parameters[index] ?? [];
        path += pathSegment(name, identifiers[index]) + literal;
      }
      return path;
    },
    query(set) {
      let query = queries.get(set);
      if (query === undefined) {
        query = `?${resource.fieldsIn(set).join('&')}`;
        queries.set(set, query);
      }
      return query;
    },
  };
  return resource;
}

const IDENTIFIER = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Gives an identifier back as it is, fit to stand as one segment of a path. Its alphabet has no character that means
 * anything in a URL, so there is nothing to escape, and neither `..` (which `encodeURIComponent` leaves as it is) nor
 * `%2e` pass.
 * @throws InvalidIdentifierError where it has other characters, none, or more than 64
 */
export function pathSegment(name: string, identifier: unknown): string {
  if (typeof identifier !== 'string' || !IDENTIFIER.test(identifier)) throw new InvalidIdentifierError(name);
  return identifier;
}
