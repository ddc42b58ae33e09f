import { describe, expect, test } from 'vitest';
import { boolean, dateTime, integer, number, string } from '#upstream/field-decoders.ts';

test('a string is a string, be it empty', () => {
  for (const value of ['', 'a', '\u0000', '\u20ac']) expect(string().decode(value)).toBe(value);
  for (const value of [1, true, {}, []]) expect(string().decode(value)).toBeUndefined();
});

test('a boolean is true or false, and nothing that stands for it', () => {
  for (const value of [true, false]) expect(boolean().decode(value)).toBe(value);
  for (const value of ['true', 1, 0, '', {}]) expect(boolean().decode(value)).toBeUndefined();
});

test('an integer keeps all its digits', () => {
  expect(integer().decode(0)).toBe('0');
  expect(integer().decode(-1)).toBe('-1');
  expect(integer().decode(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991');
  expect(integer().decode(9007199254740993n)).toBe('9007199254740993');
  for (const value of [1.5, 2 ** 53, Number.NaN, '1', true]) expect(integer().decode(value)).toBeUndefined();
});

test('a number is finite', () => {
  for (const value of [0, -1.5, 1e300]) expect(number().decode(value)).toBe(value);
  for (const value of [Number.POSITIVE_INFINITY, Number.NaN, '1', 1n])
    expect(number().decode(value)).toBeUndefined();
});

describe('a moment', () => {
  test.each([
    ['2023-12-01T10:30:00Z', '2023-12-01T10:30:00.000Z'],
    ['2023-12-01t10:30:00z', '2023-12-01T10:30:00.000Z'],
    ['2023-12-01T10:30:00.5Z', '2023-12-01T10:30:00.500Z'],
    ['2023-12-01T10:30:00.123456789Z', '2023-12-01T10:30:00.123Z'],
    ['2023-12-01T10:30:00+05:30', '2023-12-01T05:00:00.000Z'],
    ['2024-02-29T23:30:00-01:00', '2024-03-01T00:30:00.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('is given out in UTC, with milliseconds: %s', (text, utc) => {
    expect(dateTime().decode(text)).toBe(utc);
  });

  test.each([
    '9999-12-31T23:59:59-01:00',
    '0000-01-01T00:00:00+00:01',
    '+010000-01-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2023-04-31T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-12-01T24:00:00Z',
    '2023-12-01T10:60:00Z',
    '2023-12-01T23:59:60Z',
    '2023-12-01 10:30:00Z',
    '2023-12-01T10:30:00',
    '2023-12-01T10:30Z',
    '2023-12-01',
    '2023-12-01T10:30:00.Z',
    '2023-12-01T10:30:00+24:00',
    '2023-12-01T10:30:00Z\n',
    'yesterday',
    '',
  ])('is none: %j', (text) => {
    expect(dateTime().decode(text)).toBeUndefined();
  });

  test('is no number', () => {
    expect(dateTime().decode(1701426600)).toBeUndefined();
  });
});
