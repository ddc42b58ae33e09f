import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** How often one selection set selects a field, whatever the aliases. */
export interface Repetition {
  field: string;
  count: number;
}

type FieldKind = (typeof FIELD_KINDS)[number];

const FIELD_KINDS = ['leaf', 'object'] as const;

/** The size of an operation when every spread is replaced by what its fragment contains. */
export interface Measurement {
  operation: OperationDefinitionNode;
  /** The longest chain of nested fields. */
  depth: number;
  /** The longest chain of nested selection sets, those of fragments included; Infinity past MAX_NESTING. */
  nesting: number;
  fields: number;
  aliases: number;
  directives: number;
  /** The fields without and with a selection set of their own that one selection set repeats most often. */
  repeated: Record<FieldKind, Repetition>;
  /** Depth and number of the fields below `__schema` and `__type`, which count for nothing else. */
  introspectionDepth: number;
  introspectionFields: number;
}

/** Where measuring stops to go down: no honest operation comes near, and the call stack must never run out. */
export const MAX_NESTING = 500;

/**
 * Different fields counted in one selection set. No type has as many, so whatever is left out is an unknown field and
 * refused as such; without a bound, many spreads of a fragment with thousands of them would take seconds.
 */
const MAX_NAMES = 200;

/** What a selection set or a fragment adds to the selection set it stands in. */
interface Part extends Omit<Measurement, 'operation'> {
  /** How often it selects each field at its own level: not final until the enclosing field is complete. */
  counts: Record<FieldKind, Map<string, number>>;
}

/**
 * Measures the operations of a document. Each fragment is measured once, and a spread adds its sums: a fragment that
 * spreads another twice, thirty deep, takes thirty steps. Sums are doubles, which end at Infinity rather than wrap.
 * Documents come here before anybody knows that they are valid: a fragment that is missing, or that is being measured (a
 * cycle), adds nothing, and graphql's own rules refuse it.
 */
export function measureOperations({ definitions }: DocumentNode): Measurement[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions)
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const measured = new Map<string, Part>();

  const measureFragment = (name: string, level: number): Part => {
    const known = measured.get(name);
    if (known) return known;
    measured.set(name, emptyPart());
    const definition = fragments.get(name);
    if (definition === undefined) return emptyPart();
    const part = measureSet(definition.selectionSet, level);
    part.directives += definition.directives?.length ?? 0;
    measured.set(name, part);
    return part;
  };

  const measureSet = (set: SelectionSetNode, level: number): Part => {
    const part = emptyPart();
    part.nesting = level > MAX_NESTING ? Number.POSITIVE_INFINITY : 1;
    if (level > MAX_NESTING) return part;
    const spreads = new Map<string, number>();
    for (const selection of set.selections) {
      part.directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        addField(part, selection, selection.selectionSet && measureSet(selection.selectionSet, level + 1));
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        addFragment(part, measureSet(selection.selectionSet, level + 1), 1);
      } else {
        spreads.set(selection.name.value, (spreads.get(selection.name.value) ?? 0) + 1);
      }
    }
    for (const [name, times] of spreads) addFragment(part, measureFragment(name, level + 1), times);
    return part;
  };

  const measurements: Measurement[] = [];
  for (const operation of definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    const part = measureSet(operation.selectionSet, 1);
    part.directives += operation.directives?.length ?? 0;
    for (const variable of operation.variableDefinitions ?? [])
      part.directives += variable.directives?.length ?? 0;
    completeSet(part);
    measurements.push({ operation, ...part });
  }
  return measurements;
}

function addField(part: Part, field: FieldNode, below: Part | undefined): void {
  const name = field.name.value;
  part.fields += 1;
  part.aliases += field.alias ? 1 : 0;
  increase(part.counts[below ? 'object' : 'leaf'], name, 1);
  part.depth = Math.max(part.depth, 1);
  if (!below) return;
  if (name === '__schema' || name === '__type') {
    part.nesting = Math.max(part.nesting, below.nesting + 1);
    part.introspectionDepth = Math.max(part.introspectionDepth, below.depth);
    part.introspectionFields += below.fields;
  } else {
    completeSet(below);
    addSums(part, below, 1);
    part.depth = Math.max(part.depth, below.depth + 1);
  }
}

/** A fragment's fields become fields of the selection set that it stands in. */
function addFragment(part: Part, fragment: Part, times: number): void {
  addSums(part, fragment, times);
  part.depth = Math.max(part.depth, fragment.depth);
  for (const kind of FIELD_KINDS) {
    for (const [field, count] of fragment.counts[kind]) increase(part.counts[kind], field, count * times);
  }
}

function addSums(part: Part, added: Part, times: number): void {
  part.fields += added.fields * times;
  part.aliases += added.aliases * times;
  part.directives += added.directives * times;
  part.introspectionFields += added.introspectionFields * times;
  part.introspectionDepth = Math.max(part.introspectionDepth, added.introspectionDepth);
  part.nesting = Math.max(part.nesting, added.nesting + 1);
  for (const kind of FIELD_KINDS) {
    if (added.repeated[kind].count > part.repeated[kind].count) part.repeated[kind] = added.repeated[kind];
  }
}

/** Nothing more can come into this selection set: its repetitions are final. */
function completeSet(part: Part): void {
  for (const kind of FIELD_KINDS) {
    for (const [field, count] of part.counts[kind]) {
      if (count > part.repeated[kind].count) part.repeated[kind] = { field, count };
    }
  }
}

function increase(counts: Map<string, number>, name: string, by: number): void {
  const count = counts.get(name) ?? 0;
  if (count > 0 || counts.size < MAX_NAMES) counts.set(name, count + by);
}

function emptyPart(): Part {
  return {
    depth: 0,
    nesting: 0,
    fields: 0,
    aliases: 0,
    directives: 0,
    repeated: { leaf: { field: '', count: 0 }, object: { field: '', count: 0 } },
    introspectionDepth: 0,
    introspectionFields: 0,
    counts: { leaf: new Map(), object: new Map() },
  };
}
