import { expect, test } from 'vitest';
import { retryAfterSeconds } from '#upstream/protocol/reply.ts';

const NOW = Date.parse('2026-01-01T00:00:00.000Z');

test.each([
  ['0', 0],
  ['1', 1],
  ['120', 120],
  [' 5 ', 5],
  ['86400', 86_400],
  ['86401', 86_400],
  ['99999999999999999999', 86_400],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30],
  ['Thu, 01 Jan 2026 00:00:00 GMT', 0],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['Sat, 03 Jan 2026 00:00:00 GMT', 86_400],
])('%j is %i seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, NOW)).toBe(seconds);
});

test('part of a second counts as a whole one: nobody is to come too early', () => {
  expect(retryAfterSeconds('Thu, 01 Jan 2026 00:00:30 GMT', NOW + 1)).toBe(30);
  expect(retryAfterSeconds('Thu, 01 Jan 2026 00:00:30 GMT', NOW - 1)).toBe(31);
});

test.each([
  undefined,
  '',
  '-5',
  '1.5',
  '0x10',
  'soon',
  '2026-01-01T00:00:30Z',
  'Thu, 01 Jan 2026',
  'Xxx, 99 Xxx 2026 99:99:99 GMT',
])('%j means nothing', (header) => {
  expect(retryAfterSeconds(header, NOW)).toBeUndefined();
});
