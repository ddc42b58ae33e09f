import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { documentRules } from '#graphql/limits/rules.ts';
import { defaults, errors, refusals, schema, times } from './document.ts';

/** So many nested fields. */
const nested = (depth: number): string =>
  depth === 1 ? '{ id }' : `{ ${depth % 2 ? 'community' : 'user'} ${nested(depth - 1)} }`;

describe('depth', () => {
  it.each([
    [9, []],
    [10, []],
    [11, ['The operation is 11 fields deep; at most 10 are allowed.']],
  ])('counts nested fields: %i of 10', (depth, expected) => {
    expect(refusals(nested(depth))).toEqual(expected);
  });

  it('counts a field in a field as 2', () => {
    expect(errors('{ user { email } }', { maxDepth: 2 })).toEqual([]);
    expect(errors('{ user { email } }', { maxDepth: 1 })).toHaveLength(1);
  });

  it('does not count inline and named fragments themselves, but what is in them', () => {
    const document = (leaf: string) =>
      `{ ... { user { ... on User { ...A } } } } fragment A on User { ...B } fragment B on User { ${leaf} }`;
    expect(errors(document('email'), { maxDepth: 2 })).toEqual([]);
    expect(errors(document('community { id }'), { maxDepth: 2 })).toEqual([
      'The operation is 3 fields deep; at most 2 are allowed.',
    ]);
  });

  it('measures a fragment where it is spread deepest, wherever it is spread first', () => {
    const source =
      '{ user { ...A } a: user { community { user { ...A } } } } fragment A on User { community { id } }';
    expect(errors(source, { maxDepth: 4 })).toEqual([
      'The operation is 5 fields deep; at most 4 are allowed.',
    ]);
  });

  it('is exceeded once for each operation that is too deep', () => {
    const source =
      'query A { user { ...F } } query B { user { ...F } } query C { node { id } } fragment F on User { id email community { id } }';
    expect(errors(source, { maxDepth: 2 })).toHaveLength(2);
  });

  it.each([
    ['fields', `${'{user'.repeat(1300)}{id}${'}'.repeat(1300)}`],
    ['inline fragments', `${'{...'.repeat(1300)}{id}${'}'.repeat(1300)}`],
    ['introspection', `{__type(name:"User")${'{ofType'.repeat(1300)}{name}${'}'.repeat(1300)}}`],
    [
      'fragments',
      `{...F0} ${times(600, (i) => `fragment F${i} on Query{...F${i + 1}}`)} fragment F600 on Query{node{id}}`,
    ],
  ])('refuses the deepest nest of %s that the parser takes', (_, source) => {
    expect(errors(source)).toContain('The operation nests selections more than 500 levels deep.');
  });
});

describe('aliases', () => {
  const users = (count: number) => `{ ${times(count, (i) => `u${i}: user(userId: ${i}) { id email }`)} }`;

  it.each([
    [99, []],
    [100, []],
    [101, ['The operation has 101 aliases; at most 100 are allowed.']],
  ])('takes 100 aliased users and no more: %i', (count, expected) => {
    const [first] = errors(users(count));
    expect(first === undefined ? [] : [first]).toEqual(expected);
  });

  it('takes 100 aliased users with a fragment of every field', () => {
    const source = `{ ${times(100, (i) => `u${i}: user(userId: ${i}) { ...All }`)} }
      fragment All on User { __typename id email username community { __typename id } }`;
    expect(errors(source)).toEqual([]);
  });

  it('counts what a fragment aliases for each spread', () => {
    const source = (spreads: number) =>
      `{ ${times(spreads, () => 'user { ...A }')} } fragment A on User { a: id b: email }`;
    expect(errors(source(3), { maxAliases: 6 })).toEqual([]);
    expect(errors(source(3), { maxAliases: 5 })).toEqual([
      'The operation has 6 aliases; at most 5 are allowed.',
    ]);
  });

  it('counts an alias that is the name of its field', () => {
    expect(errors('{ user: user { id } }', { maxAliases: 0 })).toHaveLength(1);
  });
});

describe('directives', () => {
  it.each([
    [99, 0],
    [100, 0],
    [101, 1],
  ])('takes two for each of a hundred users and no more: %i', (count, refused) => {
    const source = `{ ${times(count, (i) => `u${i}: user @skip(if: false) { id @include(if: true) }`)} }`;
    expect(errors(source, { maxAliases: 200, maxDirectives: 200 })).toHaveLength(refused);
  });

  it('counts those on operations, variables, fragments and spreads, for each spread', () => {
    const source = (
      spreads: number,
    ) => `query ($v: ID @a) @b { ... @c { ${times(spreads, () => '...F @d')} } }
      fragment F on Query @e { user @f { ...G } } fragment G on User { id @g }`;
    expect(refusals(source(11), { maxDirectives: 47 })).toEqual([]);
    expect(refusals(source(12), { maxDirectives: 50 })).toEqual([
      'The operation has 51 directives; at most 50 are allowed.',
    ]);
  });

  it('refuses one field with hundreds of them', () => {
    expect(errors(`{ node { id ${'@skip(if: false) '.repeat(300)} } }`)).toContain(
      'The operation has 300 directives; at most 200 are allowed.',
    );
  });
});

describe('fields', () => {
  it.each([
    ['below', '', 39, 0],
    ['at', '', 40, 0],
    ['above', '__typename', 40, 1],
  ])('takes 2000 in one operation: %s', (_, more, users, refused) => {
    const source = `{ ${times(users, () => 'user { ...F }')} ${more} } fragment F on User { ${'id '.repeat(49)} }`;
    expect(errors(source)).toHaveLength(refused);
  });
});

describe('repetition', () => {
  it.each([
    [49, 0],
    [50, 0],
    [51, 1],
  ])('takes one leaf 50 times in a selection set: %i', (count, refused) => {
    expect(errors(`{ user { ${'email '.repeat(count)} } }`)).toHaveLength(refused);
  });

  it('refuses a leaf that is repeated hundreds of times', () => {
    expect(errors(`{ user { ${'email '.repeat(500)} } }`)).toContain(
      'One selection set has the field "email" 500 times; at most 50 are allowed.',
    );
  });

  it('refuses `__typename` aliased a hundred times', () => {
    expect(errors(`{ ${times(100, (i) => `a${i}: __typename`)} }`)).toEqual([
      'One selection set has the field "__typename" 100 times; at most 50 are allowed.',
    ]);
  });

  it('counts the field in the selection set that a fragment stands in, and apart in every other', () => {
    const source = (
      spreads: number,
    ) => `{ user { ${times(spreads, () => '... on Node { ...A }')} } node { ...A } }
      fragment A on Node { ...B ...B } fragment B on Node { id }`;
    expect(errors(source(25))).toEqual([]);
    expect(errors(source(26))).toEqual([
      'One selection set has the field "id" 52 times; at most 50 are allowed.',
    ]);
  });

  it('takes a field with a selection set as often as aliases are allowed', () => {
    const source = (count: number) => `{ ${times(count, () => 'user { id }')} }`;
    expect(errors(source(100))).toEqual([]);
    expect(errors(source(101))).toEqual([
      'One selection set has the field "user" 101 times; at most 100 are allowed.',
    ]);
    expect(errors(source(101), { maxAliases: 101 })).toEqual([]);
  });

  it('lets plain fields be merged where aliases are forbidden', () => {
    expect(errors('{ user { id } user { id } }', { maxAliases: 0 })).toEqual([]);
  });

  it('quotes no more than the beginning of a name', () => {
    const [message] = refusals(`{ ${`${'x'.repeat(1000)} `.repeat(51)} }`);
    expect(message).toBe(
      `One selection set has the field "${'x'.repeat(40)}…" 51 times; at most 50 are allowed.`,
    );
  });
});

describe('a document that grows without end', () => {
  const bomb = (body: (next: string) => string, leaf: string) =>
    `{ ...F0 } ${times(30, (i) => `fragment F${i} on Query { ${body(`...F${i + 1}`)} }`)}
     fragment F30 on Query { ${leaf} }`;

  it('is refused when a fragment spreads another twice, thirty deep', () => {
    expect(errors(bomb((next) => `${next} ${next}`, '__typename'))).toEqual([
      'The operation selects over a million fields; at most 2000 are allowed.',
      'One selection set has the field "__typename" over a million times; at most 50 are allowed.',
    ]);
  });

  it('is refused when the doubling goes through fields and inline fragments', () => {
    const found = refusals(bomb((next) => `a: user @x { ${next} } ... @x { b: user { ${next} } }`, 'id'));
    expect(found).toEqual([
      'The operation is 31 fields deep; at most 10 are allowed.',
      'The operation has over a million aliases; at most 100 are allowed.',
      'The operation has over a million directives; at most 200 are allowed.',
      'The operation selects over a million fields; at most 2000 are allowed.',
    ]);
  });

  it('is refused below `__schema`', () => {
    const source = `{ __schema { types { ...F0 } } }
      ${times(12, (i) => `fragment F${i} on __Type { a: ofType { ...F${i + 1} } b: ofType { ...F${i + 1} } }`)}
      fragment F12 on __Type { name }`;
    expect(errors(source)).toEqual(['The introspection selects 12287 fields; at most 1000 are allowed.']);
  });

  it('is refused when the count leaves the numbers', () => {
    const source = `{ ...F0 } ${times(400, (i) => `fragment F${i} on Query { ${`...F${i + 1} `.repeat(10)} }`)}
      fragment F400 on Query { __typename }`;
    expect(errors(source)).toEqual([
      'The document has 401 fragments; at most 100 are allowed.',
      'The operation selects over a million fields; at most 2000 are allowed.',
      'One selection set has the field "__typename" over a million times; at most 50 are allowed.',
    ]);
  });
});

describe('the number of fragments', () => {
  const source = (count: number) =>
    `{ ...F0 } ${times(count - 1, (i) => `fragment F${i} on Query { ...F${i + 1} }`)}
     fragment F${count - 1} on Query { __typename }`;

  it('is a hundred at the most', () => {
    expect(errors(source(100))).toEqual([]);
    expect(errors(source(101))).toEqual(['The document has 101 fragments; at most 100 are allowed.']);
  });

  it('is limited without an operation as well', () => {
    const fragments = times(101, (i) => `fragment F${i} on Query { __typename }`);
    expect(refusals(fragments)).toEqual(['The document has 101 fragments; at most 100 are allowed.']);
  });
});

describe('a document that is invalid in other ways', () => {
  it.each([
    ['a fragment that spreads itself', '{ ...A } fragment A on Query { a: __typename ...A ...A }'],
    [
      'a cycle of fragments',
      '{ ...A } fragment A on Query { ...B ...B } fragment B on Query { user { id } ...A ...A }',
    ],
    ['a cycle through fields', '{ ...A } fragment A on Query { user { community { ...A } } }'],
    ['an unknown fragment', '{ ...Missing user { ...Missing } }'],
    ['a fragment named like what every object has', '{ ...toString ...__proto__ ...constructor }'],
    [
      'two fragments of one name',
      '{ ...A } fragment A on Query { __typename } fragment A on Query { node { id } }',
    ],
    ['two operations of one name', 'query A { __typename } query A { __typename }'],
    [
      'unknown fields, types and directives',
      '{ nothing { at @all ... on Nowhere { __proto__ constructor } } }',
    ],
    ['no operation', 'fragment A on Query { __typename }'],
    ['type definitions', 'type A { a: Int } { __typename }'],
    ['a leaf with a selection set, and an object without', '{ user { id { a } community } }'],
  ])('is left to the other rules: %s', (_, source) => {
    expect(refusals(source)).toEqual([]);
    expect(errors(source)).not.toEqual([]);
  });

  it('is refused for its size alone, whatever else is wrong with it', () => {
    const fragments = times(90, (i) => `fragment F${i} on Query { nothing${i} }`);
    const rules = documentRules({ ...defaults, maxDepth: 1 }, true);
    const found = errors(`${fragments} { user { id } }`, { maxDepth: 1 });
    expect(found).toEqual(['The operation is 2 fields deep; at most 1 are allowed.']);
    expect(validate(schema, parse('{ user { id } }'), rules)[0]?.locations).toEqual([{ line: 1, column: 1 }]);
  });
});
