import { expect, test } from 'vitest';
import { RateLimits } from '#upstream/policies/rate-limits.ts';

/** Pauses with a clock that the test sets. */
function createLimits() {
  let now = 0;
  const limits = new RateLimits(() => now);
  return {
    limits,
    at(seconds: number) {
      now = seconds * 1000;
    },
  };
}

test('a caller is paused for as long as it was told, and nobody else', () => {
  const { limits, at } = createLimits();
  limits.pause('Bearer a', 3);
  at(1);
  expect(limits.remainingMs('Bearer a')).toBe(2000);
  expect(limits.remainingMs('Bearer b')).toBe(0);

  at(3);
  expect(limits.remainingMs('Bearer a')).toBe(0);
});

test('a second pause makes the first one longer, never shorter', () => {
  const { limits, at } = createLimits();
  limits.pause('Bearer a', 10);
  at(1);
  limits.pause('Bearer a', 2);
  expect(limits.remainingMs('Bearer a')).toBe(9000);
  limits.pause('Bearer a', 20);
  expect(limits.remainingMs('Bearer a')).toBe(20_000);
});

test('callers whose credentials end alike are not taken for one another', () => {
  const { limits } = createLimits();
  const end = 'x'.repeat(100);
  limits.pause(`Bearer a${end}`, 10);

  expect(limits.remainingMs(`Bearer a${end}`)).toBe(10_000);
  expect(limits.remainingMs(`Bearer b${end}`)).toBe(0);
});

test('those who wait are called once the pause is over, and none who left', async () => {
  const limits = new RateLimits();
  limits.pause('Bearer a', 0.05);
  const resumed: string[] = [];
  const over = new Promise<void>((resolve) => {
    const names = ['first', 'second', 'left', 'last'];
    const places = names.map((name) =>
      limits.wait('Bearer a', {
        resume() {
          resumed.push(name);
          if (name === 'last') resolve();
        },
      }),
    );
    expect(limits.waiting('Bearer a')).toBe(4);
    const left = places[2];
    left?.list?.remove(left);
  });
  expect([limits.waiting('Bearer a'), limits.waiting('Bearer b')]).toEqual([3, 0]);
  await over;

  expect(resumed).toEqual(['first', 'second', 'last']);
  expect([limits.waiting('Bearer a'), limits.remainingMs('Bearer a')]).toEqual([0, 0]);
});

test('those who wait think anew when the pause becomes longer', () => {
  const limits = new RateLimits();
  limits.pause('Bearer a', 10);
  const remaining: number[] = [];
  limits.wait('Bearer a', { resume: () => remaining.push(limits.remainingMs('Bearer a')) });
  limits.pause('Bearer a', 100);

  expect(remaining).toHaveLength(1);
  expect(remaining[0]).toBeGreaterThan(90_000);
});

test('with very many callers the earliest are forgotten', () => {
  const { limits } = createLimits();
  for (let caller = 0; caller < 20_000; caller++) limits.pause(`Bearer ${caller}`, 10);

  expect(limits.remainingMs('Bearer 19999')).toBe(10_000);
  expect(limits.remainingMs('Bearer 0')).toBe(0);
});
