import { onTestFinished, vi } from 'vitest';

/**
 * Stops the clocks that deadlines, pauses and the breaker go by, until the end of the test: however slow the machine is,
 * no time passes but what the function that it gives lets pass, in milliseconds. To be called once all servers are started:
 * they need time to stop.
 */
export function stopClock(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  return (ms) => void vi.advanceTimersByTime(ms);
}
