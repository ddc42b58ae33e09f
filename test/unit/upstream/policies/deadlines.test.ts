import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { Deadlines, type Expiring } from '#upstream/policies/deadlines.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
});

/** Deadlines, and what has expired with its lateness in milliseconds. */
function createDeadlines() {
  const deadlines = new Deadlines();
  const expired: { name: string; lateMs: number }[] = [];
  const add = (name: string, inMs: number): Expiring => {
    const deadline = performance.now() + inMs;
    const item: Expiring = {
      deadline,
      deadlineTicket: 0,
      expire: () => expired.push({ name, lateMs: performance.now() - deadline }),
    };
    deadlines.add(item);
    return item;
  };
  return { deadlines, expired, add, names: () => expired.map(({ name }) => name) };
}

test('each deadline passes in its order, never early, and late by no more than a timer is', () => {
  const { expired, add, names } = createDeadlines();
  for (let number = 0; number < 50; number++) {
    add(`${number}`, 1000);
    vi.advanceTimersByTime(3);
  }
  vi.advanceTimersByTime(2000);

  expect(names()).toEqual(Array.from({ length: 50 }, (_, number) => `${number}`));
  expect(Math.min(...expired.map(({ lateMs }) => lateMs))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...expired.map(({ lateMs }) => lateMs))).toBeLessThanOrEqual(1);
});

test('what is over before has no deadline any more, be it deleted once or twice', () => {
  const { deadlines, add, names } = createDeadlines();
  const items = ['a', 'b', 'c', 'd'].map((name) => add(name, 100));
  for (const item of [items[1], items[3], items[1]]) if (item !== undefined) deadlines.delete(item);
  vi.advanceTimersByTime(50);
  add('e', 100);
  vi.advanceTimersByTime(200);

  expect(names()).toEqual(['a', 'c', 'e']);
});

test('what is asked for because a deadline passed has a deadline of its own, and delays no other', () => {
  const { deadlines, add, names } = createDeadlines();
  deadlines.add({
    deadline: performance.now() + 100,
    deadlineTicket: 0,
    expire: () => add('third', 100),
  });
  vi.advanceTimersByTime(50);
  add('second', 100);
  vi.advanceTimersByTime(99);
  expect(names()).toEqual([]);
  // Faked, an immediate takes a millisecond.
  vi.advanceTimersByTime(2);
  expect(names()).toEqual(['second']);
  vi.advanceTimersByTime(52);

  expect(names()).toEqual(['second', 'third']);
});

test('no timer is left once it is stopped, or nothing is there to expire', () => {
  const { deadlines, add } = createDeadlines();
  deadlines.delete(add('a', 100));
  vi.advanceTimersByTime(200);
  expect(vi.getTimerCount()).toBe(0);

  add('b', 100);
  expect(vi.getTimerCount()).toBe(1);
  deadlines.stop();
  expect(vi.getTimerCount()).toBe(0);
});
