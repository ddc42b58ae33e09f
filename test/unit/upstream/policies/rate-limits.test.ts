import { expect, test } from 'vitest';
import { RateLimits } from '#upstream/policies/rate-limits.ts';
import { stopClock } from '../../../support/stop-clock.ts';

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
  expect(limits.current('Bearer a')?.remainingMs).toBe(2000);
  expect(limits.current('Bearer b')?.remainingMs).toBeUndefined();

  at(3);
  expect(limits.current('Bearer a')?.remainingMs).toBeUndefined();
});

test('a second pause makes the first one longer, never shorter', () => {
  const { limits, at } = createLimits();
  limits.pause('Bearer a', 10);
  at(1);
  limits.pause('Bearer a', 2);
  expect(limits.current('Bearer a')?.remainingMs).toBe(9000);
  limits.pause('Bearer a', 20);
  expect(limits.current('Bearer a')?.remainingMs).toBe(20_000);
});

test('callers whose credentials end alike are not taken for one another', () => {
  const { limits } = createLimits();
  const end = 'x'.repeat(100);
  limits.pause(`Bearer a${end}`, 10);

  expect(limits.current(`Bearer a${end}`)?.remainingMs).toBe(10_000);
  expect(limits.current(`Bearer b${end}`)?.remainingMs).toBeUndefined();
});

test('those who wait are called once the pause is over, and none who left', async () => {
  const pass = stopClock();
  const limits = new RateLimits();
  limits.pause('Bearer a', 1);
  const resumed: string[] = [];
  const over = new Promise<void>((resolve) => {
    const pause = limits.current('Bearer a');
    const waiters = ['first', 'second', 'left', 'last'].map((name) => ({
      ticket: 0,
      resume() {
        resumed.push(name);
        if (name === 'last') resolve();
      },
    }));
    for (const waiter of waiters) pause?.wait(waiter);
    expect(pause?.waiting).toBe(4);
    for (const left of waiters.slice(2, 3)) pause?.leave(left);
  });
  expect([limits.current('Bearer a')?.waiting, limits.current('Bearer b')?.waiting]).toEqual([3, undefined]);
  pass(1000);
  await over;

  expect(resumed).toEqual(['first', 'second', 'last']);
  expect(limits.current('Bearer a')).toBeUndefined();
});

test('a timer that fires before the clock has come to the end ends nothing', async () => {
  const pass = stopClock();
  // By this clock each timer is early: it runs at half the speed.
  const limits = new RateLimits(() => performance.now() / 2);
  limits.pause('Bearer a', 1);
  const pause = limits.current('Bearer a');

  const over = new Promise((resolve) => pause?.wait({ ticket: 0, resume: () => resolve(pause.remainingMs) }));
  pass(2500);
  const remaining = await over;

  expect(remaining).toBeLessThanOrEqual(0);
  expect(limits.current('Bearer a')).toBeUndefined();
});

test('those who wait think anew when the pause becomes longer', () => {
  const limits = new RateLimits();
  limits.pause('Bearer a', 10);
  const remaining: number[] = [];
  limits
    .current('Bearer a')
    ?.wait({ ticket: 0, resume: () => remaining.push(limits.current('Bearer a')?.remainingMs ?? 0) });
  limits.pause('Bearer a', 100);

  expect(remaining).toHaveLength(1);
  expect(remaining[0]).toBeGreaterThan(90_000);
});

test('with very many callers the earliest are forgotten', () => {
  const { limits } = createLimits();
  for (let caller = 0; caller < 20_000; caller++) limits.pause(`Bearer ${caller}`, 10);

  expect(limits.current('Bearer 19999')?.remainingMs).toBe(10_000);
  expect(limits.current('Bearer 0')?.remainingMs).toBeUndefined();
});
