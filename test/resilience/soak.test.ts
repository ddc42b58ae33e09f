import { expect, test } from 'vitest';
import { FAULTS } from './faulty-api.ts';
import { type Soak, soak, verdict } from './soak.ts';

/** How long to go on: longer before a change lands. */
const SOAK = Number(process.env.SOAK ?? 1);

test('of many requests, every fifth answer faulty, each gets its answer, and nothing is left over', async () => {
  const options: Soak = { requests: 1000 * SOAK, clients: 16, connections: 8, parts: 2, log: () => {} };
  const result = await soak(options);

  expect(verdict(result, options)).toEqual([]);
  expect(result.faults).toBeGreaterThan(FAULTS.length);
});
