import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getCallSites } from 'node:util';
import type { FieldDecoder } from '#upstream/field-decoders.ts';
import { type MatchesIdentity, Resource } from '#upstream/resource.ts';

/** An object type of the schema, with the way to read it: from a key, and from a REST resource if it has one. */
export interface Entity {
  /** Name of the GraphQL type. */
  readonly type: string;
  /** The fields that say which object it is. They are known before anything is read, and cost nothing. */
  readonly key: readonly string[];
  /** Undefined where the key is all that there is to it. */
  readonly resource: Resource | undefined;
  readonly derived: Readonly<Record<string, Derived>>;
  /** The file that defines it, as seen from the working directory, for messages. */
  readonly file: string;
  /** What it was made of, for `checkEntities`. */
  readonly definition: { readonly path?: string; readonly fields?: Decoders; readonly existence?: string };
}

type Decoders = Readonly<Record<string, FieldDecoder>>;

/** A key, or what a function of a derived field gets: values by the name of their field. */
export type Values = Readonly<Record<string, unknown>>;

/** A GraphQL field that is not simply a REST field of the same name, nor part of the key. */
export type Derived = Link | Withheld | Computed;

/** A field that leads to another entity, or to a list of them. */
export interface Link {
  readonly kind: 'link';
  /** Name of the GraphQL type that it leads to. */
  readonly target: string;
  /** Where each part of the target's key comes from, by its name. */
  readonly key: Readonly<Record<string, KeySource>>;
}

/** An argument, one item of a list argument, a field of this entity, or a value computed from such fields. */
export type KeySource =
  | { readonly kind: 'argument'; readonly name: string }
  | { readonly kind: 'each'; readonly name: string }
  | { readonly kind: 'field'; readonly name: string }
  | Computed;

/** Whether the REST API left out the field that an argument names. Costs that field. */
export interface Withheld {
  readonly kind: 'withheld';
  readonly argument: string;
}

/** A value made of REST fields; null where `compute` gives null. */
export interface Computed {
  readonly kind: 'computed';
  readonly reads: readonly string[];
  readonly compute: (source: Values) => string | number | boolean | null;
}

type FieldOf<Type> = Exclude<keyof Type, '__typename'> & string;

export interface EntityDefinition<Type, Key extends FieldOf<Type>, Field extends FieldOf<Type>> {
  /** Name of the GraphQL type. */
  readonly type: string;
  /** The fields of its `@key`, in order. */
  readonly key: readonly Key[];
  /** Path of the GET that reads it, with the key's fields in braces. Without one, the key is all that there is to it. */
  readonly path?: string;
  /** The REST fields, in the order in which their flags are sent. A GraphQL field of the same name costs and is that field. */
  readonly fields?: Readonly<Record<Field, FieldDecoder>>;
  /** The REST field to ask for where only the existence of an object matters. */
  readonly existence?: NoInfer<Field>;
  /** Whether the `data` of an answer can be the object of this key. */
  readonly matchesIdentity?: MatchesIdentity;
  /** All other fields of the type: it does not compile until each of them is here. */
  readonly derived: Readonly<Record<Exclude<FieldOf<Type>, Key | Field>, Derived>>;
}

/**
 * Declares an entity: `defineEntity<CommunityUser>()({ type: 'CommunityUser', … })`, where the type parameter is the
 * generated type of the schema. (Called twice, since TypeScript infers either all type parameters or none.)
 * `checkEntities` holds it against the schema at start.
 */
export function defineEntity<Type>() {
  const script = getCallSites(2)[1]?.scriptName ?? 'an unknown file';
  const file = script.startsWith('file:') ? relative('', fileURLToPath(script)) : script;
  return <const Key extends FieldOf<Type> = never, Field extends FieldOf<Type> = never>(
    definition: EntityDefinition<Type, Key, Field>,
  ): Entity => {
    const { type, key, path, existence = '', matchesIdentity, derived } = definition;
    const decoders: Decoders = definition.fields ?? {};
    const fields = Object.entries(decoders).map(([name, decoder]) => ({ name, decoder }));
    const name = type.charAt(0).toLowerCase() + type.slice(1);
    const resource =
      path !== undefined && Object.hasOwn(decoders, existence)
        ? new Resource({ name, path, fields, existence, matchesIdentity })
        : undefined;
    return { type, key, resource, derived, file, definition };
  };
}

/**
 * A field that leads to an object of the type `target`, or to a list of them: then one part of the key is `each()` item of
 * an argument.
 */
export function link(target: string, key: Link['key']): Link {
  return { kind: 'link', target, key };
}

/** A part of a key that is an argument of the field. */
export function argument(name: string): KeySource {
  return { kind: 'argument', name };
}

/** A part of a key that is an item of an argument, for each item of it. */
export function each(name: string): KeySource {
  return { kind: 'each', name };
}

/** The argument that has an item for each object of a link, where it leads to a list. */
export function eachOf({ key }: Link): string | undefined {
  return Object.values(key).find((source) => source.kind === 'each')?.name;
}

/** A part of a key that is a field of this entity: part of its own key, or a REST field, which is read then. */
export function field(name: string): KeySource {
  return { kind: 'field', name };
}

/** A field that says whether the REST API left out the field that `argument`, of an enum, names. */
export function withheld(argument: string): Withheld {
  return { kind: 'withheld', argument };
}

/** A field that is computed from REST fields. A field that was withheld is null for it. */
export function computed(reads: readonly string[], compute: Computed['compute']): Computed {
  return { kind: 'computed', reads, compute };
}
