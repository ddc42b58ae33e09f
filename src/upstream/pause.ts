const SHORTEST_MS = 50;
const LONGEST_MS = 1000;

/**
 * How long to wait before the next try, in milliseconds: drawn at random below a bound that doubles with each try made, so
 * that those who failed together do not come back together; on top of what the REST API asked for, if it did.
 */
export function drawPauseMs(attempts: number, retryAfterSeconds = 0): number {
  const bound = Math.min(SHORTEST_MS * 2 ** (attempts - 1), LONGEST_MS);
  return retryAfterSeconds * 1000 + Math.random() * bound;
}
