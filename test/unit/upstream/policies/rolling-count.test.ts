import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RollingCount } from '#upstream/policies/retry.ts';

test('events count for as long as the window is, in whole seconds', () => {
  const count = new RollingCount(10);
  count.add(500);
  count.add(900);
  count.add(1000);
  expect(count.total(1000)).toBe(3);
  expect(count.total(9999)).toBe(3);
  expect(count.total(10_000)).toBe(1);
  expect(count.total(10_999)).toBe(1);
  expect(count.total(11_000)).toBe(0);
});

test('a long silence leaves nothing behind', () => {
  const count = new RollingCount(10);
  count.add(0);
  expect(count.total(1_000_000)).toBe(0);
  count.add(1_000_000);
  expect(count.total(1_000_000)).toBe(1);
});

test('it starts at whatever time the clock shows', () => {
  const count = new RollingCount(10);
  count.add(123_456_789);
  expect(count.total(123_456_789)).toBe(1);
});

test('once cleared, it starts anew', () => {
  const count = new RollingCount(10);
  count.add(1000);
  count.clear();
  expect(count.total(1000)).toBe(0);
  count.add(2000);
  expect(count.total(2000)).toBe(1);
});

test('it counts what a list of all events would', () => {
  const pauses = fc.array(fc.nat({ max: 4000 }), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(pauses, fc.integer({ min: 1, max: 12 }), (all, seconds) => {
      const count = new RollingCount(seconds);
      const times: number[] = [];
      let now = 0;
      for (const pause of all) {
        now += pause;
        times.push(now);
        count.add(now);
        const first = Math.floor(now / 1000) - seconds + 1;
        expect(count.total(now)).toBe(times.filter((time) => Math.floor(time / 1000) >= first).length);
      }
    }),
  );
});
