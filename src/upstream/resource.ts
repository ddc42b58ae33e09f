import { invalidIdentifier } from './errors.ts';
import type { FieldDecoder } from './field-decoders.ts';
import { FieldMask } from './field-mask.ts';

/** A field that the REST API has a flag for, and the way to read its value. */
export interface ResourceField {
  readonly name: string;
  readonly decoder: FieldDecoder;
}

/** What there is to say of a REST resource whose GET selects its fields by bare query flags. */
export interface ResourceDefinition {
  /** What metrics, logs and reports call it: `communityUser`. */
  readonly name: string;
  /** Path with its parameters in braces: `/communities/{communityId}/users/{userId}`. */
  readonly path: string;
  /** Every field that has a flag, in the order in which flags are sent. */
  readonly fields: readonly ResourceField[];
  /** The field to ask for where only the existence of the item matters. */
  readonly existence: string;
  /** Whether the `data` of an answer can be the item of this key; absent, it always can. */
  readonly matchesIdentity?: MatchesIdentity | undefined;
}

/** `key`: the values of the path's parameters, in order. */
export type MatchesIdentity = (key: readonly string[], data: Readonly<Record<string, unknown>>) => boolean;

/** A REST resource with field flags, ready for use. */
export class Resource {
  readonly name: string;
  readonly fields: readonly ResourceField[];
  /** The path with its parameters in braces. */
  readonly template: string;
  /** The names of the path's parameters, in order. */
  readonly parameters: readonly string[];
  /** The set that asks whether the item exists, and for nothing more. */
  readonly existence: FieldMask;
  readonly matchesIdentity: MatchesIdentity;
  readonly #start: string;
  /** What follows each parameter. */
  readonly #literals: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;
  readonly #queries = new Map<FieldMask['key'], string>();

  constructor({ name, path, fields, existence, matchesIdentity = () => true }: ResourceDefinition) {
    const [start = '', ...parts] = path.split('{');
    const parameters = parts.map((part) => part.split('}', 2));
    this.name = name;
    this.fields = fields;
    this.template = path;
    this.parameters = parameters.map(([parameter = '']) => parameter);
    this.matchesIdentity = matchesIdentity;
    this.#start = start;
    this.#literals = parameters.map(([, literal = '']) => literal);
    this.#indices = new Map(fields.map((field, index) => [field.name, index]));
    this.existence = this.mask([existence]);
  }

  /** The place of a field in `fields`, undefined where there is none of this name. */
  indexOf(field: string): number | undefined {
    return this.#indices.get(field);
  }

  /**
   * The set of these fields.
   * @throws TypeError where one is not a field of the resource
   */
  mask(fields: Iterable<string>): FieldMask {
    return FieldMask.of(
      Array.from(fields, (field) => {
        const index = this.#indices.get(field);
        if (index === undefined) throw new TypeError(`${this.name} has no field "${field}"`);
        return index;
      }),
    );
  }

  /** The names of a set's fields, in the order of the flags. */
  names(mask: FieldMask): string[] {
    return mask.indices().map((index) => this.fields[index]?.name ?? '');
  }

  /**
   * The path of one item, without flags.
   * @throws UpstreamError where a part of the key is not an identifier
   */
  path(key: readonly unknown[]): string {
    let path = this.#start;
    for (let index = 0; index < this.parameters.length; index++) {
      path += pathSegment(this.parameters[index] ?? '', key[index]) + this.#literals[index];
    }
    return path;
  }

  /** The flags of a set as they stand in a URL, question mark included: `?_id&email`. */
  query(mask: FieldMask): string {
    let query = this.#queries.get(mask.key);
    if (query === undefined) {
      query = `?${this.names(mask).join('&')}`;
      if (this.#queries.size < MAX_KEPT_QUERIES) this.#queries.set(mask.key, query);
    }
    return query;
  }
}

/** What there can be of ten fields; of more fields, the sets that come first. */
const MAX_KEPT_QUERIES = 1024;

const IDENTIFIER = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Gives an identifier back as it is, fit to stand as one segment of a path. Its alphabet has no character that means
 * anything in a URL, so there is nothing to escape, and neither `..` (which `encodeURIComponent` leaves as it is) nor
 * `%2e` pass.
 * @throws UpstreamError where it has other characters, none, or more than 64
 */
export function pathSegment(parameter: string, identifier: unknown): string {
  if (typeof identifier !== 'string' || !IDENTIFIER.test(identifier)) throw invalidIdentifier(parameter);
  return identifier;
}
