import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Breaker } from '#upstream/breaker.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** Tries that pass, one after the other; cockatiel takes note of a failure some promises later. */
async function record(breaker: Breaker, count: number, failed: boolean): Promise<void> {
  for (let index = 0; index < count; index++) breaker.record(failed, breaker.era);
  await setImmediate();
}

async function probe(breaker: Breaker, failed: boolean): Promise<void> {
  breaker.probe()(failed);
  await setImmediate();
}

async function opened(): Promise<Breaker> {
  const breaker = new Breaker();
  await record(breaker, 20, true);
  expect(breaker.state).toBe('open');
  return breaker;
}

test('stays closed up to the 19th failure, and opens with the 20th', async () => {
  const breaker = new Breaker();

  await record(breaker, 19, true);
  expect([breaker.state, breaker.verdict]).toEqual(['closed', 'pass']);
  await record(breaker, 1, true);
  expect([breaker.state, breaker.verdict]).toEqual(['open', 'hold back']);
});

test('opens when half of the tries failed, and not one before', async () => {
  const breaker = new Breaker();

  await record(breaker, 50, false);
  await record(breaker, 49, true);
  expect(breaker.state).toBe('closed');
  await record(breaker, 1, true);
  expect(breaker.state).toBe('open');
});

test('looks at the last 10 seconds alone', async () => {
  const breaker = new Breaker();

  await record(breaker, 19, true);
  vi.advanceTimersByTime(10_000);
  await record(breaker, 19, true);
  expect(breaker.state).toBe('closed');

  vi.advanceTimersByTime(5000);
  await record(breaker, 1, true);
  expect(breaker.state).toBe('open');
});

test('holds everything back for 5 seconds once it is open', async () => {
  const breaker = await opened();

  vi.advanceTimersByTime(4999);
  expect(breaker.verdict).toBe('hold back');
  vi.advanceTimersByTime(1);
  expect(breaker.verdict).toBe('probe');
});

test('lets one probe through after that, and nothing beside it', async () => {
  const breaker = await opened();
  vi.advanceTimersByTime(5000);
  const end = breaker.probe();

  expect([breaker.state, breaker.verdict]).toEqual(['half-open', 'hold back']);
  end(false);
  await setImmediate();
  expect([breaker.state, breaker.verdict]).toEqual(['closed', 'pass']);
});

test('opens for another 5 seconds where the probe fails', async () => {
  const breaker = await opened();
  vi.advanceTimersByTime(5000);
  await probe(breaker, true);

  expect(breaker.state).toBe('open');
  vi.advanceTimersByTime(4999);
  expect(breaker.verdict).toBe('hold back');
  vi.advanceTimersByTime(1);
  await probe(breaker, false);
  expect(breaker.state).toBe('closed');
});

test('begins anew once a probe closed it: what failed before is forgotten', async () => {
  const breaker = await opened();
  vi.advanceTimersByTime(5000);
  await probe(breaker, false);
  await record(breaker, 18, true);
  expect(breaker.state).toBe('closed');

  await record(breaker, 1, true);
  expect(breaker.state).toBe('open');
});

test('a try from before it opened decides nothing later', async () => {
  const breaker = new Breaker();
  const { era } = breaker;
  await record(breaker, 20, true);
  vi.advanceTimersByTime(5000);
  const end = breaker.probe();
  breaker.record(true, era);
  breaker.record(false, era);
  await setImmediate();
  expect(breaker.state).toBe('half-open');

  end(false);
  await setImmediate();
  for (let count = 0; count < 30; count++) breaker.record(true, era);
  await setImmediate();
  expect(breaker.state).toBe('closed');
});
