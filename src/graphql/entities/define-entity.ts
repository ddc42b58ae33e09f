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
  /** What is wrong with its definition, for `checkEntities`: texts that go behind the type's name. Then it has no resource. */
  readonly problems: readonly string[];
}

/** A key, or what a function of a derived field gets: values by the name of their field. */
export type Values = Readonly<Record<string, unknown>>;

/** A GraphQL field that is not simply a REST field of the same name, nor part of the key. */
export type Derived = Link | Withheld | Computed;

export type Link = ReturnType<typeof link>;
export type Withheld = ReturnType<typeof withheld>;
export type Computed = ReturnType<typeof computed>;

/** Where a part of a link's key comes from. */
export type KeySource = ReturnType<typeof argument | typeof each | typeof field | typeof computed>;

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
    const decoders: Readonly<Record<string, FieldDecoder>> = definition.fields ?? {};
    const problems = [...definitionProblems({ key, path, fields: decoders, existence, derived })];
    const fields = Object.entries(decoders).map(([name, decoder]) => ({ name, decoder }));
    const name = type.charAt(0).toLowerCase() + type.slice(1);
    const resource =
      path === undefined || problems.length > 0
        ? undefined
        : new Resource({ name, path, fields, existence, matchesIdentity });
    return { type, key, resource, derived, file, problems };
  };
}

/**
 * A field that leads to an object of the GraphQL type `target`, or to a list of them: then one part of the key is `each()`
 * item of an argument. `key`: where each part of the target's key comes from, by its name.
 */
export function link(target: string, key: Readonly<Record<string, KeySource>>) {
  return { kind: 'link', target, key } as const;
}

/** A part of a key that is an argument of the field. */
export function argument(name: string) {
  return { kind: 'argument', name } as const;
}

/** A part of a key that is an item of an argument, for each item of it. */
export function each(name: string) {
  return { kind: 'each', name } as const;
}

/** A part of a key that is a field of this entity: part of its own key, or a REST field, which is read then. */
export function field(name: string) {
  return { kind: 'field', name } as const;
}

/** A field that says whether the REST API left out the field that `argument`, of an enum, names. It costs that field. */
export function withheld(argument: string) {
  return { kind: 'withheld', argument } as const;
}

/**
 * A field, or a part of a key, that is computed from REST fields; null where `compute` gives null. A field that was
 * withheld is null for it.
 */
export function computed(
  reads: readonly string[],
  compute: (source: Values) => string | number | boolean | null,
) {
  return { kind: 'computed', reads, compute } as const;
}

/** The argument that has an item for each object of a link, where it leads to a list. */
export function eachOf({ key }: Link): string | undefined {
  return Object.values(key).find((source) => source.kind === 'each')?.name;
}

/** What is wrong with a definition by itself, where nobody has checked its types. */
function* definitionProblems(definition: {
  readonly key: readonly string[];
  readonly path: string | undefined;
  readonly fields: object;
  readonly existence: string;
  readonly derived: object;
}): Iterable<string> {
  const { key, path, fields, existence, derived } = definition;
  for (const [name, decoder] of Object.entries(fields)) {
    if (!has(decoder, 'decode')) yield `.${name} has no decoder: write string(), or another one.`;
  }
  for (const [name, value] of Object.entries(derived)) {
    if (!has(value, 'kind')) yield `.${name} is not derived: write link(), withheld() or computed().`;
    if (key.includes(name) || Object.hasOwn(fields, name)) {
      yield `.${name} stands in "derived", and in "key" or "fields" too: keep one.`;
    }
  }
  if (path === undefined) {
    if (Object.keys(fields).length > 0) yield ' has "fields", but no "path" to read them at: add it.';
    return;
  }
  if (!PATH.test(path)) yield ` has the path "${path}": write it as /things/{thingId}, without a query.`;
  const parameters = Array.from(path.matchAll(/\{(\w*)\}/g), ([, name = '']) => name);
  if (parameters.join() !== key.join()) {
    const names = `"${parameters.join(' ')}" in its path, and the key "${key.join(' ')}"`;
    yield ` has ${names}: list the same names in the same order.`;
  }
  if (!Object.hasOwn(fields, existence)) {
    yield ' has a path, so "existence" must name one of its "fields": the one that is never empty.';
  }
}

const PATH = /^(?:\/(?:[\w.~-]|\{\w+\})+)+$/;

function has(value: unknown, property: string): boolean {
  return typeof value === 'object' && value !== null && property in value;
}
