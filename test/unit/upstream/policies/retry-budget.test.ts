import { expect, test } from 'vitest';
import { RetryBudget } from '#upstream/policies/retry.ts';

/** A budget with a clock that the test sets. */
function createBudget() {
  let now = 0;
  const budget = new RetryBudget();
  return {
    at(seconds: number) {
      now = seconds * 1000;
    },
    gets(count: number) {
      for (let made = 0; made < count; made++) budget.recordGet(now);
    },
    /** How many retries it allows, of so many that are wanted. */
    retries(wanted: number): number {
      return Array.from({ length: wanted }, () => budget.take(now)).filter(Boolean).length;
    },
  };
}

test('with few GETs it allows ten retries a second', () => {
  const { at, gets, retries } = createBudget();
  gets(10);
  expect(retries(100)).toBe(10);
  at(0.9);
  expect(retries(100)).toBe(0);
  at(1);
  expect(retries(100)).toBe(10);
  at(2);
  expect(retries(3)).toBe(3);
  expect(retries(100)).toBe(7);
});

test('with many GETs it allows a fifth of those of the last ten seconds', () => {
  const { at, gets, retries } = createBudget();
  gets(1000);
  expect(retries(1000)).toBe(200);
  at(5);
  gets(500);
  expect(retries(1000)).toBe(100);
  at(9.9);
  expect(retries(1000)).toBe(10);
});

test('GETs and retries of more than ten seconds ago count no more', () => {
  const { at, gets, retries } = createBudget();
  gets(1000);
  expect(retries(1000)).toBe(200);
  at(10);
  expect(retries(1000)).toBe(10);
  gets(100);
  at(11);
  expect(retries(1000)).toBe(10);
  at(30);
  gets(100);
  expect(retries(1000)).toBe(20);
});
