import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const LINES = 4000;
const MODULE = import.meta.resolve('#telemetry/logger.ts');

/** Writes numbered lines of about 200 characters. */
const WRITER = `
  import { LogWriter } from '${MODULE}';
  const lines = new LogWriter(true);
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

/**
 * Writes 10 MB of lines, some each millisecond, says on stderr how many were lost, and waits for SIGTERM; then it ends as
 * the service does.
 */
const FLOODER = `
  import { LogWriter } from '${MODULE}';
  const lines = new LogWriter(false);
  process.on('exit', () => lines.flushSync());
  process.on('SIGTERM', () => process.exit(0));
  let number = 0;
  const timer = setInterval(() => {
    for (let count = 0; count < 500; count++) lines.write(JSON.stringify({ number: number++, filling: 'x'.repeat(480) }) + '\\n');
    if (number < 20_000) return;
    clearInterval(timer);
    setInterval(() => {}, 1000);
    process.stderr.write(lines.lostLines + ' lost\\n');
  }, 1);`;

/** Starts the flooder; its standard output goes there. */
function startFlooder(stdout: 'pipe' | number): ChildProcess {
  const args = ['--input-type=module', '-e', FLOODER];
  const child = spawn(process.execPath, args, { stdio: ['ignore', stdout, 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function lostLines(child: ChildProcess): Promise<number> {
  let text = '';
  for await (const chunk of child.stderr ?? []) {
    text += chunk;
    if (text.endsWith('lost\n')) break;
  }
  return Number.parseInt(text, 10);
}

/** Reads so many lines, and no more unless they come along with them. */
async function read({ stdout }: ChildProcess, lines: number): Promise<string> {
  let text = '';
  let read = 0;
  for await (const chunk of stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    text += chunk;
    read += String(chunk).split('\n').length - 1;
    if (read >= lines) break;
  }
  return text;
}

async function stop(child: ChildProcess): Promise<unknown> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = await exited;
  return code;
}

test('a pipe that nobody reads costs lines, neither memory without end nor the end of the process', async () => {
  const child = startFlooder('pipe');
  child.stdout?.pause();
  const lost = await lostLines(child);
  expect(lost).toBeGreaterThan(5000);
  expect(lost).toBeLessThan(20_000);
  expect(await stop(child)).toBe(0);
});

test('a pipe that is closed costs lines, and not the process', async () => {
  const child = startFlooder('pipe');
  child.stdout?.destroy();
  expect(await lostLines(child)).toBeGreaterThan(10_000);
  expect(await stop(child)).toBe(0);
});

test('a full disk costs lines, and not the process', async () => {
  const child = startFlooder(openSync('/dev/full', 'w'));
  expect(await lostLines(child)).toBeGreaterThan(5000);
  expect(await stop(child)).toBe(0);
});

test('a file gets every line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'log-writer-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'log');
  const child = startFlooder(openSync(path, 'w'));
  expect(await lostLines(child)).toBe(0);
  expect(await stop(child)).toBe(0);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(lines.map((line): number => JSON.parse(line).number)).toEqual(lines.map((_, number) => number));
  expect(lines).toHaveLength(20_000);
});

test('a reader that pauses gets the lines that had room, whole and in order', async () => {
  const child = startFlooder('pipe');
  child.stdout?.pause();
  const lost = await lostLines(child);
  const text = await read(child, 20_000 - lost);
  expect(await stop(child)).toBe(0);
  const numbers = text
    .trimEnd()
    .split('\n')
    .map((line): number => JSON.parse(line).number);
  expect(numbers).toHaveLength(20_000 - lost);
  expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
});

test('a pipe that nobody reads does not block either after another process was started', async () => {
  const flooder = `import { spawnSync } from 'node:child_process';
    ${FLOODER.replace('let number', `spawnSync('true', { stdio: 'inherit' }); let number`)}
    setInterval(() => lines.lostLines > 0 && number >= 20_000 && process.exit(), 10);`;
  const script = '{ "$NODE" --input-type=module -e "$FLOODER"; echo "exit $?" >&2; } | sleep 600';
  const env = { NODE: process.execPath, FLOODER: flooder, PATH: process.env.PATH };
  const child = spawn('sh', ['-c', script], { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  onTestFinished(() => void process.kill(-(child.pid ?? 0), 'SIGKILL'));
  let text = '';
  for await (const chunk of child.stderr) {
    text += chunk;
    if (text.includes('exit')) break;
  }
  expect(text).toMatch(/^\d+ lost\nexit 0\n$/);
});
