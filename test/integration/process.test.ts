import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startRestApi } from '../support/rest-api.ts';

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');

type Process = ChildProcessByStdio<null, Readable, Readable>;

/** Runs the service as `npm start` does, with these environment variables and none of ours. */
function run(env: Record<string, string>): Process {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** What it writes, up to and including the first match; throws where it ends before. */
async function writtenUntil(child: Process, pattern: RegExp): Promise<string> {
  let written = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    written += String(chunk);
    if (pattern.test(written)) {
      child.stdout.resume();
      return written;
    }
  }
  throw new Error(`It ended without ${pattern}: ${written}`);
}

/** Whole lines of the log may come before the last line of the banner, and behind it. */
const CURL = /^ {2}curl .*\n/m;

test('bad values are all named on stderr, and it exits with 1', async () => {
  const child = run({ PORT: 'abc', UPSTREAM_URL: 'ftp://x' });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('PORT must be');
  expect(stderr).toContain('UPSTREAM_URL must be');
  expect(stderr).not.toContain(' at ');
});

test('production without a REST API is refused', async () => {
  const child = run({ NODE_ENV: 'production', PORT: '0' });
  const [[code], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  expect(code).toBe(1);
  expect(stderr).toContain('UPSTREAM_URL');
});

test('a port that is taken is named, and it exits with 1', async () => {
  const { port } = new URL((await startRestApi()).url);
  const child = run({ PORT: port });
  const [[code], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  expect(code).toBe(1);
  expect(stderr).toContain('EADDRINUSE');
});

test('it says where everything is, and its curl works as pasted', async () => {
  const child = run({ PORT: '0', PATH: process.env.PATH ?? '' });
  const banner = await writtenUntil(child, CURL);
  const url = /^GraphQL +(http:\/\/127\.0\.0\.1:\d+)\/graphql$/m.exec(banner)?.[1];
  expect(url).toBeDefined();
  expect(banner).toContain(`${url}/graphiql`);
  expect(banner).toMatch(/^REST API +embedded/m);

  const answer = await fetchLikeCurl(CURL.exec(banner)?.[0] ?? '');
  expect(answer).toEqual({
    data: {
      communityUser: {
        displayName: 'Admin',
        email: 'admin@example.com',
        isOnline: true,
        lastLogin: '2023-12-01T10:30:00.000Z',
        withheldFields: [],
      },
    },
  });
});

test('over a REST API of one’s own it says which, and its curl works too', async () => {
  const restApi = await startRestApi();
  const child = run({
    PORT: '0',
    NODE_ENV: 'production',
    UPSTREAM_URL: `${restApi.url}/`,
    LOG_LEVEL: 'silent',
  });
  const banner = await writtenUntil(child, CURL);
  expect(banner).toMatch(new RegExp(`^REST API +${restApi.url}$`, 'm'));
  expect(banner).not.toContain('graphiql');
  expect(await fetchLikeCurl(CURL.exec(banner)?.[0] ?? '')).toEqual({ data: { __typename: 'Query' } });
  expect(restApi.requests).toEqual([]);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it in good order', async (signal) => {
  const child = run({ PORT: '0' });
  const errors = text(child.stderr);
  await writtenUntil(child, CURL);
  const exited = once(child, 'exit');
  child.kill(signal);
  expect(await exited).toEqual([0, null]);
  expect(await errors).toBe('');
});

/** Sends what a `curl -s URL -H 'name: value' … -d 'body'` would. */
async function fetchLikeCurl(command: string): Promise<unknown> {
  const quoted = /'([^']*)'/.source;
  const url = /http:\S+/.exec(command)?.[0] ?? '';
  const headers = [...command.matchAll(RegExp(`-H ${quoted}`, 'g'))].map(
    ([, header = '']): [string, string] => {
      const [name = '', value = ''] = header.split(': ');
      return [name, value];
    },
  );
  const body = RegExp(`-d ${quoted}`).exec(command)?.[1] ?? '';
  const response = await fetch(url, { method: 'POST', headers, body });
  return JSON.parse(await response.text());
}
