import { describe, expect, test } from 'vitest';
import { UpstreamError } from '#upstream/errors.ts';
import { integer, string } from '#upstream/field-decoders.ts';
import { readEnvelope } from '#upstream/protocol/envelope.ts';
import { Resource } from '#upstream/resource.ts';

const things = new Resource({
  name: 'thing',
  path: '/things/{id}',
  fields: [
    { name: '_id', decoder: string() },
    { name: 'number', decoder: integer() },
    { name: 'name', decoder: string() },
  ],
  existence: '_id',
  matchesIdentity: ([id], { _id }) => _id === undefined || _id === id,
});
const allFields = things.fields.map(({ name }) => name);

function read(body: unknown, fields = allFields) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const key = ['x'];
  return readEnvelope(text, { resource: things, key, path: things.path(key), fields: things.mask(fields) });
}

/** What was read of each field that is there. */
function valuesOf(body: unknown, fields = allFields): Record<string, unknown> {
  const record = read(body, fields);
  if (typeof record === 'number') throw new Error(`There is no record but a status: ${record}`);
  const present = things.names(record.present);
  expect(record.values).toHaveLength(allFields.length);
  expect(allFields.filter((_, index) => record.values[index] !== undefined)).toEqual(present);
  return Object.fromEntries(present.map((name) => [name, record.values[things.indexOf(name) ?? -1]]));
}

test('the data of an answer are read field by field', () => {
  const data = { _id: 'x', number: 7, name: 'X' };
  expect(
    valuesOf({ meta: { status: 'success', statusCode: 200 }, message: 'Get thing success.', data }),
  ).toEqual({
    _id: 'x',
    number: '7',
    name: 'X',
  });
});

test('a null is there, a field left out is not', () => {
  expect(valuesOf({ data: { name: null } })).toEqual({ name: null });
});

test('only what was asked for is taken', () => {
  const data = { _id: 'x', number: 7, name: 'X', secret: 's', toString: 'mine' };
  expect(valuesOf({ data }, ['name'])).toEqual({ name: 'X' });
});

test('what looks like a prototype stays outside', () => {
  const values = valuesOf('{ "data": { "__proto__": { "name": "evil" }, "constructor": 1 } }');
  expect(values).toEqual({});
});

test('a value of the wrong type fails its field alone', () => {
  const values = valuesOf({ data: { number: 'seven', name: 'X' } });
  expect(values).toEqual({ number: expect.any(UpstreamError), name: 'X' });
  expect(String(values.number)).toContain('"number"');
});

describe('numbers', () => {
  test.each([
    ['0', '0'],
    ['-7', '-7'],
    ['2147483648', '2147483648'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740992', '9007199254740992'],
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['1e3', '1000'],
    ['7.0', '7'],
  ])('%s keeps all its digits', (source, digits) => {
    expect(valuesOf(`{ "data": { "number": ${source} } }`)).toEqual({ number: digits });
  });

  test.each(['1.5', '12345678901234567890.5', '1e300', '9007199254740993.0'])(
    '%s is no integer that is known exactly',
    (source) => {
      expect(valuesOf(`{ "data": { "number": ${source} } }`)).toEqual({ number: expect.any(UpstreamError) });
    },
  );

  test('the digits are those of the member of "data", wherever else the name stands', () => {
    const long = '9007199254740993';
    for (const body of [
      `{ "number": 1, "data": { "number": ${long} } }`,
      `{ "data": { "nested": { "number": 1 }, "list": [{ "number": 2 }], "number": ${long}, "name": "number" } }`,
      `{ "data": { "name": "\\\\", "number" : ${long}, "_id": "x" }, "meta": { "data": { "number": 3 } } }`,
      `{ "data": { "name": "\\", \\"number\\": 4", "number":${long} } }`,
      `{ "data": { "n\\u0075mber": ${long} } }`,
      `{ "d\\u0061ta": { "number": ${long} } }`,
      `{ "data": { "number": 1 }, "data": { "number": 2, "number": ${long} } }`,
    ]) {
      expect(valuesOf(body)).toMatchObject({ number: long });
    }
    expect(valuesOf(`{ "data": { "number": ${long}, "number": 5 } }`)).toEqual({ number: '5' });
    expect(valuesOf(`{ "data": { "number": ${long} }, "data": { "number": 5 } }`)).toEqual({ number: '5' });
  });

  test('long digits elsewhere change nothing', () => {
    expect(
      valuesOf(
        '{ "meta": { "at": 12345678901234567890 }, "data": { "number": 7, "name": "1234567890123456789" } }',
      ),
    ).toEqual({
      number: '7',
      name: '1234567890123456789',
    });
  });
});

describe('the status in "meta"', () => {
  test.each([400, 404, 500])('%i counts', (statusCode) => {
    expect(read({ meta: { statusCode }, data: {} })).toBe(statusCode);
    expect(read({ meta: { statusCode } })).toBe(statusCode);
  });

  test.each([
    ['is 200', { statusCode: 200 }],
    ['is no number', { statusCode: '404' }],
    ['is missing', {}],
    ['is missing together with "meta"', undefined],
    ['is null', null],
  ])('does not where it %s', (_what, meta) => {
    expect(valuesOf({ meta, data: { name: 'X' } })).toEqual({ name: 'X' });
  });
});

test.each([
  ['is empty', ''],
  ['is no JSON', '<html>'],
  ['is cut off', '{ "data": { "name": "X"'],
  ['is two values', '{} {}'],
  ['is an array', '[]'],
  ['is null', 'null'],
  ['is a string', '"data"'],
  ['has no data', '{ "meta": { "statusCode": 200 } }'],
  ['has null for data', '{ "data": null }'],
  ['has an array for data', '{ "data": [] }'],
  ['has a string for data', '{ "data": "x" }'],
  ['is about another item', '{ "data": { "_id": "y" } }'],
])('an answer is refused where it %s', (_what, body) => {
  expect(() => read(body)).toThrow('cannot be used');
});

test('an answer that is refused leaves no trace of itself in the error', () => {
  const message = () => {
    try {
      read('{ "token": "secret", ');
      return undefined;
    } catch (error) {
      return String(error);
    }
  };
  expect(message()).toContain('cannot be used');
  expect(message()).not.toContain('secret');
});
