import { expect, test } from 'vitest';
import { Bulkhead, Line, type Waiter } from '#upstream/bulkhead.ts';

/** Waits for a slot, and says so once it has it. */
function waiter(line: Line, granted: () => void = () => {}): Waiter {
  return { line, deadline: 0, ticket: 0, granted };
}

/** A bulkhead with one slot that is taken, and lines for callers by name. */
function createFull() {
  const bulkhead = new Bulkhead(1);
  const lines: Record<string, Line> = {};
  const line = (caller: string) => (lines[caller] ??= new Line());
  const granted: string[] = [];
  bulkhead.tryAcquire();
  return {
    bulkhead,
    granted,
    line,
    wait(caller: string, name: string) {
      const waiting = waiter(line(caller), () => granted.push(name));
      bulkhead.wait(waiting);
      return waiting;
    },
  };
}

test('gives out so many slots and no more', () => {
  const bulkhead = new Bulkhead(2);

  expect([bulkhead.tryAcquire(), bulkhead.tryAcquire(), bulkhead.tryAcquire()]).toEqual([true, true, false]);
});

test('hands a slot that comes back to whoever of a caller waited longest', () => {
  const { bulkhead, granted, wait } = createFull();
  wait('a', 'first');
  wait('a', 'second');
  expect(bulkhead.waiting).toBe(2);

  bulkhead.release(0);
  expect([granted, bulkhead.waiting]).toEqual([['first'], 1]);
  bulkhead.release(0);
  bulkhead.release(0);
  expect([granted, bulkhead.waiting]).toEqual([['first', 'second'], 0]);
  expect(bulkhead.tryAcquire()).toBe(true);
});

test('callers get slots in turn, however many GETs each of them has waiting', () => {
  const { bulkhead, granted, wait } = createFull();
  for (let number = 1; number <= 4; number++) wait('a', `a${number}`);
  for (let number = 1; number <= 2; number++) wait('b', `b${number}`);
  bulkhead.release(0);
  wait('c', 'c1');
  for (let count = 0; count < 6; count++) bulkhead.release(0);

  expect(granted).toEqual(['a1', 'b1', 'a2', 'c1', 'b2', 'a3', 'a4']);
});

test('lets nobody in front of those who wait', () => {
  const { bulkhead, wait } = createFull();
  wait('a', 'a');
  bulkhead.release(0);

  expect(bulkhead.tryAcquire()).toBe(false);
});

test('whoever leaves is passed over, be it once or twice, first, last or between', () => {
  const { bulkhead, granted, line, wait } = createFull();
  const waiters = ['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => wait('a', name));
  const alone = wait('b', 'b1');
  for (const leaving of [waiters[0], waiters[2], waiters[4], alone, waiters[2]]) {
    if (leaving !== undefined) bulkhead.leave(leaving);
  }
  expect([bulkhead.waiting, line('a').waiters.length, line('b').waiters.length]).toEqual([2, 2, 0]);
  for (let count = 0; count < 3; count++) bulkhead.release(0);

  expect(granted).toEqual(['a2', 'a4']);
});

test('to leave after the slot was granted changes nothing', () => {
  const { bulkhead, granted, wait } = createFull();
  const first = wait('a', 'first');
  wait('a', 'second');
  bulkhead.release(0);
  bulkhead.leave(first);
  expect(bulkhead.waiting).toBe(1);
  bulkhead.release(0);

  expect(granted).toEqual(['first', 'second']);
});

test('a line has a turn only while somebody stands in it', () => {
  const { bulkhead, line, wait } = createFull();
  const waiting = wait('a', 'a');
  wait('b', 'b');
  expect([line('a').turn, line('b').turn]).toEqual([0, 1]);

  bulkhead.leave(waiting);
  bulkhead.release(0);
  expect([line('a').turn, line('b').turn]).toEqual([undefined, undefined]);
});

test('a long line of those who give the slot back at once is served in order, without going any deeper', () => {
  const { bulkhead, line } = createFull();
  const granted: number[] = [];
  for (let number = 0; number < 20_000; number++) {
    const giveBack = () => {
      granted.push(number);
      bulkhead.release(0);
    };
    bulkhead.wait(waiter(line('a'), giveBack));
  }
  bulkhead.release(0);

  expect(granted).toEqual(Array.from({ length: 20_000 }, (_, number) => number));
  expect([bulkhead.waiting, bulkhead.tryAcquire(), bulkhead.tryAcquire()]).toEqual([0, true, false]);
});

test('to leave from the middle of a long line costs no more than from a short one', () => {
  const { bulkhead, wait } = createFull();
  const waiters = Array.from({ length: 200_000 }, (_, number) => wait('a', `${number}`));
  const started = performance.now();
  for (const waiting of waiters.toReversed()) bulkhead.leave(waiting);

  expect(bulkhead.waiting).toBe(0);
  // Moving the rest of the line up each time would take minutes.
  expect(performance.now() - started).toBeLessThan(30_000);
});

test('one who fails to take the slot keeps nobody else from theirs', () => {
  const { bulkhead, granted, wait } = createFull();
  bulkhead.wait(
    waiter(new Line(), () => {
      throw new Error('no');
    }),
  );
  wait('a', 'second');
  expect(() => bulkhead.release(0)).toThrow('no');
  bulkhead.release(0);

  expect(granted).toEqual(['second']);
});
