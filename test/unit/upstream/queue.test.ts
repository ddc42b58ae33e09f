import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Queue } from '#upstream/queue.ts';

interface Item {
  readonly number: number;
  ticket: number;
}

test('whatever is appended, shifted and removed, it is what a plain list would be', () => {
  const steps = fc.array(
    fc.oneof({ arbitrary: fc.constant('append'), weight: 3 }, fc.constant('shift'), fc.nat()),
    {
      minLength: 1500,
      maxLength: 2000,
    },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const queue = new Queue<Item>();
      const everything: Item[] = [];
      let list: Item[] = [];
      for (const step of all) {
        if (step === 'shift') expect(queue.shift()).toBe(list.shift());
        else if (step === 'append') {
          const item: Item = { number: everything.length, ticket: 0 };
          item.ticket = queue.append(item);
          everything.push(item);
          list.push(item);
        } else {
          // One that is there, or was.
          const item = everything[step % Math.max(1, everything.length)];
          if (item === undefined) continue;
          expect(queue.remove(item, item.ticket)).toBe(list.includes(item));
          list = list.filter((other) => other !== item);
        }
        expect([queue.length, queue.first]).toEqual([list.length, list[0]]);
      }
    }),
    { numRuns: 20 },
  );
});
