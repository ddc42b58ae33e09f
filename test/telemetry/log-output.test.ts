import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { START_ARGUMENTS } from '../support/start-arguments.ts';

/** More than a pipe takes. */
const REQUESTS = 600;

/** A connection that is kept would be waited for when the service stops. */
const ALONE = { connection: 'close' };

interface Service {
  readonly child: ChildProcess;
  readonly url: string;
}

/**
 * The service in production, where its log is all that it writes; it goes there. On a port that is named, since it may not
 * be able to say which one it takes.
 */
async function start(output: 'pipe' | number, workers = 1): Promise<Service> {
  const port = String(await freePort());
  const upstream = { UPSTREAM_URL: 'http://127.0.0.1:9' };
  const env = { PORT: port, WORKERS: String(workers), NODE_ENV: 'production', ...upstream };
  const child = spawn(process.execPath, START_ARGUMENTS, { env, stdio: ['ignore', output, output] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) await setTimeout(50);
  return { child, url };
}

async function isReady(url: string): Promise<boolean> {
  return await fetch(`${url}/health/ready`, { headers: ALONE }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Sends requests whose lines are long; all of them are answered. */
async function flood({ url }: Service): Promise<void> {
  const query = encodeURIComponent(`query ${'N'.repeat(100)} { __typename }`);
  const headers = { 'apollo-require-preflight': '1', 'x-request-id': 'i'.repeat(128), ...ALONE };
  const ask = async () => (await fetch(`${url}/graphql?query=${query}`, { headers })).text();
  for (let sent = 0; sent < REQUESTS; sent += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, ask));
    expect(new Set(answers)).toEqual(new Set(['{"data":{"__typename":"Query"}}\n']));
  }
}

async function lostLines({ url }: Service): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`, { headers: ALONE })).text();
  return Number(/^log_lines_lost_total (\d+)$/m.exec(metrics)?.[1]);
}

async function stop({ child }: Service): Promise<unknown> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = await exited;
  return code;
}

describe('where its output takes no lines, the service serves on, and ends at SIGTERM:', () => {
  test('a pipe that nobody reads', async () => {
    const service = await start('pipe');
    service.child.stdout?.pause();
    service.child.stderr?.pause();
    await flood(service);
    expect(await stop(service)).toBe(0);
  });

  // Each that ends makes it blocking for the others.
  test('a socket that nobody reads, which several processes write to', async () => {
    const service = await start('pipe', 2);
    service.child.stdout?.pause();
    service.child.stderr?.pause();
    await flood(service);
    expect(await stop(service)).toBe(0);
  });

  test('a pipe that is closed', async () => {
    const service = await start('pipe');
    service.child.stdout?.destroy();
    service.child.stderr?.destroy();
    await flood(service);
    expect(await lostLines(service)).toBeGreaterThan(0);
    expect(await stop(service)).toBe(0);
  });

  test('a full disk', async () => {
    const service = await start(openSync('/dev/full', 'w'));
    await flood(service);
    expect(await stop(service)).toBe(0);
  });
});
