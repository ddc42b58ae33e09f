import { expect, test } from 'vitest';
import { callerHash } from '#upstream/caller-requests.ts';
import { Breaker, type Permit } from '#upstream/policies/breaker.ts';

/** A breaker whose callers have names. */
class NamedCallersBreaker {
  readonly #breaker = new Breaker(5000);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get state() {
    return this.#breaker.state;
  }

  refuses(caller: string): boolean {
    return this.#breaker.refuses(callerHash(caller), this.#now());
  }

  acquire(caller: string): Permit | undefined {
    return this.#breaker.acquire(callerHash(caller), this.#now());
  }

  isProbe(permit: Permit): boolean {
    return this.#breaker.isProbe(permit);
  }

  record(permit: Permit, caller: string, failed: boolean): void {
    this.#breaker.record(permit, callerHash(caller), failed, this.#now());
  }
}

/** A breaker with a clock that the test sets. */
function createBreaker() {
  let now = 1000;
  const breaker = new NamedCallersBreaker(() => now);
  const attempt = (failed: boolean, caller = 'one') => {
    const permit = breaker.acquire(caller);
    if (permit !== undefined) breaker.record(permit, caller, failed);
  };
  return {
    breaker,
    attempt,
    attempts(count: number, failed: boolean, caller?: string) {
      for (let made = 0; made < count; made++) attempt(failed, caller);
    },
    pass(ms: number) {
      now += ms;
    },
  };
}

function openedBreaker() {
  const opened = createBreaker();
  opened.attempts(20, true);
  expect(opened.breaker.state).toBe('open');
  return opened;
}

test('stays closed until 20 attempts failed', () => {
  const { breaker, attempts } = createBreaker();
  attempts(19, true);
  expect(breaker.state).toBe('closed');

  attempts(1, true);
  expect(breaker.state).toBe('open');
});

test('opens once half of the attempts failed, and not before', () => {
  const { breaker, attempts } = createBreaker();
  attempts(30, false);
  attempts(29, true);
  expect(breaker.state).toBe('closed');

  attempts(1, true);
  expect(breaker.state).toBe('open');
});

test('attempts of more than 10 seconds ago count no more', () => {
  const { breaker, attempts, pass } = createBreaker();
  attempts(19, true);
  pass(10_000);
  attempts(19, true);
  expect(breaker.state).toBe('closed');

  pass(5000);
  attempts(1, true);
  expect(breaker.state).toBe('open');
});

test('refuses everything for 5 seconds once it is open, then lets one probe through and nothing beside it', () => {
  const { breaker, pass } = openedBreaker();
  pass(4999);
  expect(breaker.acquire('one')).toBeUndefined();

  pass(1);
  const probe = breaker.acquire('one') ?? -1;
  expect(breaker.isProbe(probe)).toBe(true);
  expect([breaker.state, breaker.acquire('one')]).toEqual(['half-open', undefined]);

  breaker.record(probe, 'one', false);
  expect(breaker.state).toBe('closed');
  expect(breaker.isProbe(breaker.acquire('one') ?? -1)).toBe(false);
});

test('opens for another 5 seconds where the probe fails', () => {
  const { breaker, attempt, pass } = openedBreaker();
  pass(5000);
  attempt(true);
  expect(breaker.state).toBe('open');

  pass(4999);
  expect(breaker.acquire('one')).toBeUndefined();
  pass(1);
  attempt(false);
  expect(breaker.state).toBe('closed');
});

test('begins anew once a probe closed it: what failed before is forgotten', () => {
  const { breaker, attempt, attempts, pass } = openedBreaker();
  pass(5000);
  attempt(false);
  attempts(18, true);
  expect(breaker.state).toBe('closed');

  attempt(true);
  expect(breaker.state).toBe('open');
});

test('an attempt from before a change of state decides nothing later', () => {
  const { breaker, attempts, pass } = createBreaker();
  const early = breaker.acquire('one') ?? -1;
  attempts(20, true);
  breaker.record(early, 'one', false);
  expect(breaker.state).toBe('open');

  pass(5000);
  const probe = breaker.acquire('one') ?? -1;
  breaker.record(early, 'one', true);
  expect(breaker.state).toBe('half-open');

  breaker.record(probe, 'one', false);
  for (let count = 0; count < 30; count++) breaker.record(early, 'one', true);
  expect(breaker.state).toBe('closed');
});

test('one caller whose attempts fail without end does not shut out the others', () => {
  const { breaker, attempts, pass } = createBreaker();
  for (let second = 0; second < 60; second++) {
    attempts(1, false, 'good');
    attempts(500, true, 'bad');
    pass(1000);
  }
  expect(breaker.state).toBe('closed');
});

test('failures of a caller who is alone for the moment are held against no other one', () => {
  const { breaker, attempts, pass } = createBreaker();
  attempts(100, true, 'bad');
  expect([breaker.state, breaker.refuses('bad')]).toEqual(['open', true]);

  const [first = 0, second = 0] = [breaker.acquire('good'), breaker.acquire('fine')];
  expect([first, second].map((permit) => breaker.isProbe(permit))).toEqual([false, false]);
  breaker.record(first, 'good', false);
  expect([breaker.state, breaker.refuses('bad')]).toEqual(['closed', false]);
  breaker.record(second, 'fine', true);
  attempts(100, true, 'bad');
  expect(breaker.state).toBe('closed');

  pass(10_000);
  attempts(100, true, 'bad');
  pass(5000);
  const probe = breaker.acquire('bad') ?? 0;
  expect([breaker.isProbe(probe), breaker.refuses('good')]).toEqual([true, false]);
  breaker.record(probe, 'bad', true);
  breaker.record(first, 'good', false);
  expect([breaker.state, breaker.refuses('good')]).toEqual(['open', false]);
});

test('a few callers to whom the same happens are enough to refuse everybody', () => {
  const { breaker, attempts, attempt } = createBreaker();
  attempts(20, true, 'caller 0');
  for (let caller = 1; caller < 5; caller++) attempt(true, `caller ${caller}`);

  expect([breaker.state, breaker.refuses('caller 5')]).toEqual(['open', true]);
});

test('opens once more than half of the callers fail in at least half of their attempts', () => {
  const { breaker, attempts } = createBreaker();
  attempts(1, false, 'good');
  attempts(50, true, 'bad');
  attempts(2, false, 'mixed');
  attempts(1, true, 'mixed');
  expect(breaker.state).toBe('closed');

  attempts(1, true, 'mixed');
  expect(breaker.state).toBe('open');
});

test.each([1, 2, 7, 1000])('an outage opens it within 20 attempts, with %i callers', (callers) => {
  const { breaker, attempt } = createBreaker();
  for (let count = 0; count < 20; count++) attempt(true, `caller ${count % callers}`);

  expect(breaker.state).toBe('open');
});

test('callers who were well before an outage have a say for 10 seconds', () => {
  const { breaker, attempt, attempts, pass } = createBreaker();
  for (let caller = 0; caller < 100; caller++) attempt(false, `well ${caller}`);
  attempts(200, true, 'down');
  expect(breaker.state).toBe('closed');

  pass(10_000);
  attempts(20, true, 'down');
  expect(breaker.state).toBe('open');
});
