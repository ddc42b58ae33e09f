import type { DocumentNode, FieldNode, GraphQLError, GraphQLOutputType } from 'graphql';
import type { FieldMask } from '#upstream/field-mask.ts';
import type { Computed, Entity } from '../entities/define-entity.ts';
import type { Argument, FieldArguments } from './field-arguments.ts';
import type { LinkKey } from './keys.ts';

/**
 * What executing an operation does, as a value: for each place in the answer which entity stands there, where its key
 * comes from, which REST fields are read and in which shape they are answered. It holds for one combination of the
 * values of `@skip` and `@include`. Flags of GETs, the size of an answer, `explain` and the executor all read it.
 */
export interface Plan {
  readonly selection: Selection;
  /** The operation reduced to its fields that graphql-js answers: introspection, and `_service`. */
  readonly delegated: DocumentNode | undefined;
  /** How many fields it has at all its levels, which is what it takes of memory. */
  readonly fieldCount: number;
}

/** What is selected of an object. */
export interface Selection {
  readonly entity: Entity;
  /** In the order of the answer. */
  readonly fields: readonly PlannedField[];
  /** The REST fields that are read, whatever the variables. */
  readonly reads: FieldMask;
  /** Fields that read one REST field more, which a variable names. */
  readonly variableReads: readonly WithheldField[];
  /** The fewest characters of JSON that it takes, and the work that it is, but for its lists. */
  readonly size: number;
  readonly work: number;
  /** Its lists, those of objects below included, but for lists in lists. */
  readonly lists: readonly (LinkField | EntitiesField)[];
  /** Collecting its fields failed, which then is an error of each object: a condition was null. */
  readonly failure: GraphQLError | undefined;
}

/** A field of the answer, with all nodes of the document that are merged into it. */
interface PlannedFieldBase {
  readonly name: string;
  readonly responseName: string;
  /** JSON in front of the value: `{"displayName":` for the first field of an object, `,"displayName":` for others. */
  readonly prefix: string;
  /** Its place among the fields of its object. */
  readonly order: number;
  /** Whether the object becomes null where the field is. */
  readonly nonNull: boolean;
  /** Of a list: whether it becomes null where one of its items is. */
  readonly itemNonNull: boolean;
  readonly nodes: readonly FieldNode[];
}

export type PlannedField =
  | TypenameField
  | KeyField
  | RestField
  | WithheldField
  | ComputedField
  | LinkField
  | EntitiesField
  | DelegatedField;

/** `__typename`: the prefix holds the value too. */
export interface TypenameField extends PlannedFieldBase {
  readonly kind: 'typename';
}

/** Part of the object's key. */
export interface KeyField extends PlannedFieldBase {
  readonly kind: 'key';
  /** Place in the key. */
  readonly index: number;
}

/** A field of the REST API. */
export interface RestField extends PlannedFieldBase {
  readonly kind: 'rest';
  /** Place among the resource's fields. */
  readonly index: number;
}

export interface WithheldField extends PlannedFieldBase {
  readonly kind: 'withheld';
  readonly argument: Argument;
  readonly arguments: FieldArguments;
}

export interface ComputedField extends PlannedFieldBase {
  readonly kind: 'computed';
  readonly computed: Computed;
  readonly type: GraphQLOutputType;
}

/** Another entity, or a list of them. */
export interface LinkField extends PlannedFieldBase {
  readonly kind: 'link';
  readonly arguments: FieldArguments;
  readonly key: LinkKey;
  readonly selection: Selection;
  /** Of a list: the argument that has an item for each place of it. */
  readonly each: string | undefined;
}

/** `Query._entities`: objects that a router names by representations. */
export interface EntitiesField extends PlannedFieldBase {
  readonly kind: 'entities';
  readonly arguments: FieldArguments;
  /** By name of the type. */
  readonly selections: ReadonlyMap<string, Selection>;
  readonly each: string;
}

/** A field of `Query` that graphql-js answers. */
export interface DelegatedField extends PlannedFieldBase {
  readonly kind: 'delegated';
}
