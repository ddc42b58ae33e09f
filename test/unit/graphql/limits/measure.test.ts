import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Measurement, measureOperations } from '#graphql/limits/measure.ts';

type Selection =
  | { kind: 'field'; name: string; alias: boolean; directives: number; below: Selection[] }
  | { kind: 'inline'; directives: number; below: Selection[] }
  | { kind: 'spread'; directives: number; fragment: number };

interface Document {
  operation: Selection[];
  /** A fragment may spread those behind it. */
  fragments: { directives: number; below: Selection[] }[];
}

const FRAGMENTS = 5;

const directives = fc.constantFrom(0, 0, 0, 1, 2);
const name = fc.constantFrom('a', 'b', 'c', '__typename', '__schema', '__type');

function selections(firstFragment: number, depth: number): fc.Arbitrary<Selection[]> {
  const inner: fc.Arbitrary<Selection[]> =
    depth === 0 ? fc.constant([plainField]) : selections(firstFragment, depth - 1);
  const below: fc.Arbitrary<Selection[]> =
    depth === 0 ? fc.constant<Selection[]>([]) : fc.oneof(fc.constant<Selection[]>([]), inner);
  const field = fc.record({ kind: fc.constant('field'), name, alias: fc.boolean(), directives, below });
  const inline = fc.record({ kind: fc.constant('inline'), directives, below: inner });
  const choices: fc.Arbitrary<Selection>[] = [field, inline];
  if (firstFragment < FRAGMENTS) {
    const fragment = fc.integer({ min: firstFragment, max: FRAGMENTS - 1 });
    choices.push(fc.record({ kind: fc.constant('spread'), directives, fragment }));
  }
  return fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 4 });
}

const plainField: Selection = { kind: 'field', name: 'a', alias: false, directives: 0, below: [] };

const documents: fc.Arbitrary<Document> = fc.record({
  operation: selections(0, 3),
  fragments: fc.tuple(
    ...Array.from({ length: FRAGMENTS }, (_, index) =>
      fc.record({ directives, below: selections(index + 1, 2) }),
    ),
  ),
});

function print({ operation, fragments }: Document): string {
  const applied = (count: number) => ' @d'.repeat(count);
  const set = (list: Selection[]): string =>
    list.length === 0 ? '' : `{ ${list.map((selection) => printOne(selection)).join(' ')} }`;
  const printOne = (selection: Selection): string => {
    if (selection.kind === 'spread') return `...F${selection.fragment}${applied(selection.directives)}`;
    const head = selection.kind === 'inline' ? '...' : `${selection.alias ? 'x: ' : ''}${selection.name}`;
    return `${head}${applied(selection.directives)} ${set(selection.below)}`;
  };
  const definitions = fragments.map(
    ({ directives, below }, i) => `fragment F${i} on A${applied(directives)} ${set(below)}`,
  );
  return [set(operation), ...definitions].join('\n');
}

/** What an operation is when every fragment is written out. */
interface WrittenOut {
  directives: number;
  fields: { name: string; alias: boolean; below: WrittenOut }[];
}

function writeOut(list: Selection[], fragments: Document['fragments']): WrittenOut {
  const out: WrittenOut = { directives: 0, fields: [] };
  for (const selection of list) {
    out.directives += selection.directives;
    if (selection.kind === 'field') {
      out.fields.push({
        name: selection.name,
        alias: selection.alias,
        below: writeOut(selection.below, fragments),
      });
      continue;
    }
    const fragment = selection.kind === 'spread' ? fragments[selection.fragment] : undefined;
    const inner = writeOut(
      fragment?.below ?? (selection.kind === 'inline' ? selection.below : []),
      fragments,
    );
    out.directives += inner.directives + (fragment?.directives ?? 0);
    out.fields.push(...inner.fields);
  }
  return out;
}

type Size = Omit<Measurement, 'operation' | 'nesting' | 'repeated'> & { leaf: number; object: number };

function sizeOf({ directives, fields }: WrittenOut): Size {
  const most = (group: WrittenOut['fields']) =>
    Math.max(0, ...group.map(({ name }) => group.filter((other) => other.name === name).length));
  const size: Size = {
    depth: Math.min(1, fields.length),
    fields: fields.length,
    aliases: fields.filter(({ alias }) => alias).length,
    directives,
    leaf: most(fields.filter(({ below }) => below.fields.length === 0)),
    object: most(fields.filter(({ below }) => below.fields.length > 0)),
    introspectionDepth: 0,
    introspectionFields: 0,
  };
  for (const { name, below } of fields) {
    const inner = sizeOf(below);
    if (name === '__schema' || name === '__type') {
      size.introspectionDepth = Math.max(size.introspectionDepth, inner.depth);
      size.introspectionFields += inner.fields;
      continue;
    }
    size.depth = Math.max(size.depth, inner.depth + 1);
    size.fields += inner.fields;
    size.aliases += inner.aliases;
    size.directives += inner.directives;
    size.leaf = Math.max(size.leaf, inner.leaf);
    size.object = Math.max(size.object, inner.object);
    size.introspectionDepth = Math.max(size.introspectionDepth, inner.introspectionDepth);
    size.introspectionFields += inner.introspectionFields;
  }
  return size;
}

describe('measureOperations', () => {
  it('counts what an operation has when every fragment is written out', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const [measured] = measureOperations(parse(print(document)));
        expect(
          measured && {
            ...measured,
            leaf: measured.repeated.leaf.count,
            object: measured.repeated.object.count,
          },
        ).toMatchObject(sizeOf(writeOut(document.operation, document.fragments)));
      }),
      { numRuns: 200 },
    );
  });

  it('measures each operation of a document, with the fragments that they share', () => {
    const found = measureOperations(
      parse('query A { ...F ...F } { ...F } fragment F on Query { x: a { b } }'),
    );
    expect(found.map(({ aliases, fields }) => ({ aliases, fields }))).toEqual([
      { aliases: 2, fields: 4 },
      { aliases: 1, fields: 2 },
    ]);
  });
});
