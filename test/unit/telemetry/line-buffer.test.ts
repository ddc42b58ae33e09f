import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const LINES = 4000;

/** Writes numbered lines of about 200 characters. */
const WRITER = `
  import { LineBuffer } from '${import.meta.resolve('#telemetry/line-buffer.ts')}';
  const lines = new LineBuffer(true);
  for (let number = 0; number < ${LINES}; number++) {
    lines.write(JSON.stringify({ number, filling: 'x'.repeat(150 + (number % 100)) }) + '\\n');
  }
  lines.flushSync();`;

/** Reads little at a time, so that the pipe is full whenever somebody writes. */
const SLOW_READER = `
  import { readSync, writeSync } from 'node:fs';
  const buffer = Buffer.alloc(1000);
  for (let length; (length = readSync(0, buffer)) > 0; ) writeSync(1, buffer, 0, length);`;

test('lines of processes that share a pipe stay whole, however slow its reader is', async () => {
  const node = `"$NODE" --input-type=module -e`;
  const script = `{ ${node} "$WRITER" & ${node} "$WRITER" & wait; } | ${node} "$SLOW_READER"`;
  const { stdout } = await promisify(execFile)('sh', ['-c', script], {
    env: { NODE: process.execPath, WRITER, SLOW_READER },
    maxBuffer: 2 ** 24,
  });
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(2 * LINES);
  const numbers = lines.map((line): number => JSON.parse(line).number);
  expect(new Set(numbers).size).toBe(LINES);
});
