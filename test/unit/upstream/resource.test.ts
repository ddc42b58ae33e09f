import { describe, expect, test } from 'vitest';
import { string } from '#upstream/field-decoders.ts';
import { FieldMask } from '#upstream/field-mask.ts';
import { pathSegment, Resource } from '#upstream/resource.ts';

function resourceOf(path: string, fields: readonly string[], existence = fields[0] ?? ''): Resource {
  return new Resource({
    name: 'thing',
    path,
    fields: fields.map((name) => ({ name, decoder: string() })),
    existence,
  });
}

const things = resourceOf('/spaces/{spaceId}/things/{thingId}/detail', ['_id', 'b', 'a'], 'b');

describe('the path of an item', () => {
  test('has the identifiers in their places', () => {
    expect(things.path(['one', 'two'])).toBe('/spaces/one/things/two/detail');
  });

  test('may have no parameters at all, or end with one', () => {
    expect(resourceOf('/me', ['a']).path([])).toBe('/me');
    expect(resourceOf('/things/{id}', ['a']).path(['x'])).toBe('/things/x');
  });

  test('is refused where an identifier is missing or malformed, with its name', () => {
    expect(() => things.path(['one'])).toThrow(/^thingId must be/);
    expect(() => things.path(['..', 'two'])).toThrow(/^spaceId must be/);
  });
});

describe('the flags of a set', () => {
  test.each([
    [[], '?'],
    [['a'], '?a'],
    [['a', 'b', '_id'], '?_id&b&a'],
    [['a', 'a'], '?a'],
  ] as const)('%j are bare, in the order of the definition, each once: %s', (fields, query) => {
    expect(things.query(things.mask(fields))).toBe(query);
    expect(things.query(things.mask(fields))).toBe(query);
  });

  test('are those of one field where only the existence matters', () => {
    expect(things.query(things.existence)).toBe('?b');
  });
});

test('a set gives its fields back, in the order of the flags', () => {
  expect(things.names(things.mask(['a', '_id']))).toEqual(['_id', 'a']);
  expect(things.names(FieldMask.none)).toEqual([]);
});

test('a set has room for any number of fields', () => {
  const names = Array.from({ length: 100 }, (_, index) => `f${index}`);
  const many = resourceOf('/', names, 'f99');
  expect(many.names(many.mask(['f99', 'f31', 'f0']))).toEqual(['f0', 'f31', 'f99']);
  expect(many.query(many.existence)).toBe('?f99');
});

test('a field that the resource does not have is refused', () => {
  expect(() => things.mask(['c'])).toThrow('thing has no field "c"');
  expect(() => resourceOf('/', ['a'], 'b')).toThrow(TypeError);
});

describe('an identifier', () => {
  test.each(['a', '61100af5c548eb5c7ebc7819', 'A-Z_0-9', '-', '_', '0', 'x'.repeat(64)])(
    'may be %j',
    (id) => {
      expect(pathSegment('id', id)).toBe(id);
    },
  );

  test.each([
    '',
    '.',
    '..',
    '%2e',
    '%2e%2e',
    'a/b',
    'a\\b',
    'a b',
    ' a',
    'a\n',
    '\u0000',
    'a?b',
    'a#b',
    'a;b',
    'ä',
    '١',
    'x'.repeat(65),
    undefined,
    null,
    7,
    ['a'],
    {},
  ])('may not be %j', (id) => {
    expect(() => pathSegment('id', id)).toThrow('id must be 1 to 64 characters');
  });
});
