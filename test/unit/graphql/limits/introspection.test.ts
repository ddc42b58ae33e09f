import { getIntrospectionQuery, type IntrospectionOptions } from 'graphql';
import { describe, expect, it } from 'vitest';
import { errors, refusals, times } from './document.ts';

const everything: IntrospectionOptions = {
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
};

const strict = { maxTokens: 1, maxDepth: 1, maxAliases: 0 };

/** `{ __schema { types { fields { type { fields { … { name } } } } } } }` with so many `fields`. */
const circular = (depth: number) =>
  `{ __schema { types { ${'fields { type { '.repeat(depth)} name ${'} }'.repeat(depth)} } } }`;

describe('introspection', () => {
  it.each([
    ['graphql-js and GraphiQL', getIntrospectionQuery()],
    ['graphql-js with every option', getIntrospectionQuery(everything)],
    [
      'a `__typename` in each selection set',
      getIntrospectionQuery(everything).replaceAll('{\n', '{\n __typename\n'),
    ],
  ])('lets the standard query through, whatever the limits: %s', (_, source) => {
    expect(errors(source)).toEqual([]);
    expect(errors(source, strict)).toEqual([]);
  });

  it('counts for none of the other limits, in fragments either', () => {
    const source = `{ ...A } fragment A on Query { __schema { ...B } __type(name: "User") { name } }
      fragment B on __Schema {
        ${times(15, (i) => `a${i}: queryType @include(if: true) { fields { name ${'name '.repeat(60)} } }`)}
      }`;
    expect(refusals(source, { maxDepth: 1, maxAliases: 0, maxDirectives: 15 })).toEqual([]);
  });

  it('leaves its aliases and neighbours counted', () => {
    expect(errors('{ a: __schema { types { name } } }', strict)).toHaveLength(1);
    expect(errors('{ __schema { types { name } } user { id } }', strict)).toHaveLength(1);
  });

  it('is known by the name of the field, not by its alias', () => {
    expect(errors('{ __schema: user { community { id } } }', { maxDepth: 2 })).toHaveLength(1);
  });

  it.each([3, 4, 8])('is refused when it goes in a circle: %i deep', (depth) => {
    expect(errors(circular(depth))).toContain('Maximum introspection depth exceeded');
  });

  it('may look at the fields of the types of fields', () => {
    expect(errors(circular(2))).toEqual([]);
  });

  it('is refused when it goes in a circle through fragments and `__type`', () => {
    const source = `{ __type(name: "User") { ...A } }
      ${['A B', 'B C', 'C D'].map((pair) => `fragment ${pair.replace(' ', ' on __Type { fields { type { ...')} } } }`).join(' ')}
      fragment D on __Type { fields { name } }`;
    expect(errors(source)).toEqual(['Maximum introspection depth exceeded']);
  });

  it.each([
    [20, []],
    [21, ['The introspection is 21 fields deep; at most 20 are allowed.']],
  ])('goes 20 fields deep and no further: %i', (depth, expected) => {
    const source = `{ __type(name: "User") { ${'ofType { '.repeat(depth - 1)} name ${'}'.repeat(depth - 1)} } }`;
    expect(errors(source, strict)).toEqual(expected);
  });
});
