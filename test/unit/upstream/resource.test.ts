import { describe, expect, test } from 'vitest';
import { InvalidIdentifierError } from '#upstream/errors.ts';
import { stringField } from '#upstream/field-decoders.ts';
import { defineResource, pathSegment } from '#upstream/resource.ts';

const things = defineResource({
  path: '/spaces/{spaceId}/things/{thingId}/detail',
  fields: { _id: stringField, b: stringField, a: stringField },
  existenceField: 'b',
});

describe('the path of an item', () => {
  test('has the identifiers in their places', () => {
    expect(things.path(['one', 'two'])).toBe('/spaces/one/things/two/detail');
  });

  test('may have no parameters at all, or end with one', () => {
    const fields = { a: stringField };
    expect(defineResource({ path: '/me', fields, existenceField: 'a' }).path([])).toBe('/me');
    expect(defineResource({ path: '/things/{id}', fields, existenceField: 'a' }).path(['x'])).toBe(
      '/things/x',
    );
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
    expect(things.query(things.fieldSet(fields))).toBe(query);
    expect(things.query(things.fieldSet(fields))).toBe(query);
  });

  test('are those of one field where only the existence matters', () => {
    expect(things.query(things.existence)).toBe('?b');
  });
});

test('a set gives its fields back, in the order of the flags', () => {
  expect(things.fieldsIn(things.fieldSet(['a', '_id']))).toEqual(['_id', 'a']);
  expect(things.fieldsIn(0)).toEqual([]);
});

test('a set has room for 31 fields, and a definition of more is refused', () => {
  const fieldsNamed = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, stringField]));
  const most = defineResource({ path: '/', fields: fieldsNamed(31), existenceField: 'f30' });
  expect(most.fieldsIn(most.fieldSet(['f30', 'f0']))).toEqual(['f0', 'f30']);
  expect(most.query(most.existence)).toBe('?f30');
  expect(() => defineResource({ path: '/', fields: fieldsNamed(32), existenceField: 'f0' })).toThrow(
    TypeError,
  );
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
    expect(() => pathSegment('id', id)).toThrow(InvalidIdentifierError);
  });
});
