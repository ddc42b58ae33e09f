import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttemptTally } from '#upstream/policies/attempt-tally.ts';

interface Attempt {
  readonly second: number;
  readonly caller: number;
  readonly failed: boolean;
}

/** What the tally is to say, from a list of all attempts. */
function isOutage(attempts: readonly Attempt[], now: number): boolean {
  const recent = attempts.filter(({ second }) => second > now - 10);
  const isFailing = (some: readonly Attempt[]) =>
    some.filter(({ failed }) => failed).length * 2 >= some.length;
  const callers = [...Map.groupBy(recent, ({ caller }) => caller).values()];
  return recent.length >= 20 && isFailing(recent) && callers.filter(isFailing).length * 2 > callers.length;
}

test('it says what a list of all attempts would', () => {
  const attempt = fc.record({
    pause: fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 12 })),
    caller: fc.nat({ max: 4 }),
    failed: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 20, maxLength: 200 }), (all) => {
      const tally = new AttemptTally();
      const attempts: Attempt[] = [];
      let second = 0;
      for (const { pause, caller, failed } of all) {
        second += pause;
        attempts.push({ second, caller, failed });
        tally.add(caller, failed, second * 1000 + 1);
        expect(tally.isOutage(second * 1000 + 2)).toBe(isOutage(attempts, second));
      }
    }),
    { numRuns: 300 },
  );
});

test('a clock that starts anywhere, and a long silence, change nothing', () => {
  const tally = new AttemptTally();
  for (const now of [123_456_789, 123_456_789_000]) {
    for (let count = 0; count < 19; count++) tally.add(1, true, now);
    expect(tally.isOutage(now)).toBe(false);
    tally.add(1, true, now);
    expect(tally.isOutage(now)).toBe(true);
  }
});

test('with more callers than it keeps apart, the attempts of all of them count', () => {
  const tally = new AttemptTally();
  for (let caller = 0; caller < 20_000; caller++) tally.add(caller, caller % 2 === 0, 0);
  expect(tally.isOutage(0)).toBe(false);
  for (let count = 0; count < 5000; count++) tally.add(2 * count + 1, true, 0);
  expect(tally.isOutage(0)).toBe(true);
});
