import { expect, test } from 'vitest';
import { ConnectionSlots, type SlotHolder } from '#upstream/connection-slots.ts';

/** Waits for a slot, and says so once it has it. */
function holder(granted: () => void = () => {}): SlotHolder {
  return { deadline: 0, granted };
}

test('gives out so many slots and no more', () => {
  const slots = new ConnectionSlots(2);

  expect([slots.tryAcquire(), slots.tryAcquire(), slots.tryAcquire()]).toEqual([true, true, false]);
  expect(slots.taken).toBe(2);
});

test('hands a slot that comes back to whoever waited longest', () => {
  const slots = new ConnectionSlots(1);
  const granted: string[] = [];
  slots.tryAcquire();
  slots.wait(holder(() => granted.push('first')));
  slots.wait(holder(() => granted.push('second')));
  expect([slots.taken, slots.waiting]).toEqual([1, 2]);

  slots.release();
  expect(granted).toEqual(['first']);
  expect([slots.taken, slots.waiting]).toEqual([1, 1]);

  slots.release();
  slots.release();
  expect(granted).toEqual(['first', 'second']);
  expect([slots.taken, slots.waiting]).toEqual([0, 0]);
});

test('lets nobody in front of those who wait', () => {
  const slots = new ConnectionSlots(1);
  slots.tryAcquire();
  slots.wait(holder());
  slots.release();

  expect(slots.tryAcquire()).toBe(false);
});

test('whoever leaves the line is passed over', () => {
  const slots = new ConnectionSlots(1);
  const granted: string[] = [];
  const first = holder(() => granted.push('first'));
  slots.tryAcquire();
  slots.wait(first);
  slots.wait(holder(() => granted.push('second')));
  slots.leave(first);
  slots.leave(first);
  slots.release();

  expect(granted).toEqual(['second']);
});

test('keeps the order of a long line that is served from its head', () => {
  const slots = new ConnectionSlots(1);
  const granted: number[] = [];
  const numbers = Array.from({ length: 500 }, (_, number) => number);
  slots.tryAcquire();
  for (const number of numbers) slots.wait(holder(() => granted.push(number)));
  for (const _ of numbers) slots.release();

  expect(granted).toEqual(numbers);
  expect(slots.waiting).toBe(0);
});

test('a long line of those who give the slot back at once is served in order, without going any deeper', () => {
  const slots = new ConnectionSlots(1);
  const granted: number[] = [];
  slots.tryAcquire();
  for (let number = 0; number < 20_000; number++) {
    const giveBack = () => {
      granted.push(number);
      if (number === 0) expect(slots.tryAcquire()).toBe(false);
      slots.release();
      if (number === 0) expect(slots.tryAcquire()).toBe(false);
    };
    slots.wait(holder(giveBack));
  }
  slots.release();

  expect(granted).toEqual(Array.from({ length: 20_000 }, (_, number) => number));
  expect([slots.taken, slots.waiting]).toEqual([0, 0]);
});

test('one who fails to take the slot keeps nobody else from theirs', () => {
  const slots = new ConnectionSlots(1);
  const granted: string[] = [];
  slots.tryAcquire();
  slots.wait(
    holder(() => {
      throw new Error('no');
    }),
  );
  slots.wait(holder(() => granted.push('second')));
  expect(() => slots.release()).toThrow('no');
  slots.release();

  expect(granted).toEqual(['second']);
});

test('tells who is the first in line', () => {
  const slots = new ConnectionSlots(1);
  slots.tryAcquire();
  expect(slots.next).toBeUndefined();

  const [first, second] = [holder(), holder()];
  slots.wait(first);
  slots.wait(second);
  expect(slots.next).toBe(first);
  slots.leave(first);
  expect(slots.next).toBe(second);
});
