import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { spawnService } from '../support/clustered-service.ts';
import { startRestApi } from '../support/rest-api.ts';
import { START_ARGUMENTS } from '../support/start-arguments.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Runs it until it ends by itself. */
async function runToEnd(env: Record<string, string>) {
  const { child, exited, stderr } = spawnService(env);
  const stdout = text(child.stdout);
  return { code: await exited, stdout: await stdout, stderr: await stderr };
}

/** What it writes, up to and including the first match; throws where it ends before. */
async function writtenUntil(stdout: Readable, pattern: RegExp): Promise<string> {
  let written = '';
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    written += String(chunk);
    if (pattern.test(written)) {
      return written;
    }
  }
  throw new Error(`It ended without ${pattern}: ${written}`);
}

/** Whole lines of the log may come before the last line of the banner, and behind it. */
const CURL = /^ {2}curl .*\n/m;

test('bad values are all named on stderr, and it exits with 1', async () => {
  const { code, stdout, stderr } = await runToEnd({ PORT: 'abc', UPSTREAM_URL: 'ftp://x' });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('PORT must be');
  expect(stderr).toContain('UPSTREAM_URL must be');
  expect(stderr).not.toContain(' at ');
});

test('production without a REST API is refused', async () => {
  const { code, stderr } = await runToEnd({ NODE_ENV: 'production', PORT: '0' });
  expect(code).toBe(1);
  expect(stderr).toContain('UPSTREAM_URL');
});

test.each(['PORT', 'ADMIN_PORT'])(
  'of a port that is taken it says what to do, and exits with 1: %s',
  async (name) => {
    const { port } = new URL((await startRestApi()).url);
    const ended = await runToEnd({ PORT: '0', [name]: port });
    expect(ended).toEqual({
      code: 1,
      stdout: ended.stdout,
      stderr: `Port ${port} on 127.0.0.1 is already in use: stop what listens there, or set ${name} to another port (0 takes a free one).\n`,
    });
    expect(ended.stdout).not.toContain(' at ');
  },
);

test.each([
  ['1.2.3.4', 'HOST is 1.2.3.4, which is not an address of this machine.\n'],
  ['nowhere.invalid', 'HOST is nowhere.invalid, which is not an address of this machine.\n'],
])('an address that is not ours is named: %s', async (HOST, stderr) => {
  expect(await runToEnd({ PORT: '0', HOST })).toEqual({ code: 1, stdout: '', stderr });
});

test('it says where everything is, and its curl works as pasted', async () => {
  const { child } = spawnService({ PORT: '0' });
  const banner = await writtenUntil(child.stdout, CURL);
  const url = /^GraphQL +(http:\/\/127\.0\.0\.1:\d+)\/graphql$/m.exec(banner)?.[1];
  expect(url).toBeDefined();
  expect(banner).toContain(`${url}/graphiql`);
  expect(banner).toMatch(RegExp(`^Start page +${url}/$`, 'm'));
  expect(banner).toMatch(/^REST API +embedded/m);

  const answer = await fetchLikeCurl(CURL.exec(banner)?.[0] ?? '');
  expect(answer).toMatchObject({
    data: { communityUser: { displayName: 'Admin', email: 'admin@example.com', isOnline: true } },
  });
});

test('over a REST API of one’s own it says which, and its curl works too', async () => {
  const restApi = await startRestApi();
  const { child } = spawnService({ PORT: '0', UPSTREAM_URL: `${restApi.url}/`, LOG_LEVEL: 'silent' });
  const banner = await writtenUntil(child.stdout, CURL);
  expect(banner).toMatch(new RegExp(`^REST API +${restApi.url}$`, 'm'));
  expect(await fetchLikeCurl(CURL.exec(banner)?.[0] ?? '')).toEqual({ data: { __typename: 'Query' } });
  expect(restApi.requests).toEqual([]);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it in good order', async (signal) => {
  const { child, exited, stderr } = spawnService({ PORT: '0' });
  await writtenUntil(child.stdout, CURL);
  child.kill(signal);
  expect(await exited).toBe(0);
  expect(await stderr).toBe('');
});

/** The service as npm starts it, with a shell between them that does not replace itself by its last command. */
function spawnByShell() {
  const command = `"${process.execPath}" "${START_ARGUMENTS.join('" "')}"; true`;
  const env = { PORT: '0', npm_lifecycle_script: 'node src/main.js', LOG_LEVEL: 'info' };
  const shell = spawn('/bin/sh', ['-c', command], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const signalAll = (signal: NodeJS.Signals) => process.kill(-(shell.pid ?? 0), signal);
  onTestFinished(() => {
    try {
      signalAll('SIGKILL');
    } catch {
      // All of them are gone.
    }
  });
  return { shell, signalAll };
}

test('a signal to npm that ends the shell between them stops it in good order', async () => {
  const { shell } = spawnByShell();
  await writtenUntil(shell.stdout, CURL);
  shell.kill('SIGTERM');
  expect(await text(shell.stdout)).toMatch(/"stopped"}\n$/);
});

test('a signal to npm, shell and service at once is one signal', async () => {
  const { shell, signalAll } = spawnByShell();
  const banner = await writtenUntil(shell.stdout, CURL);
  // It waits half a second for a connection that is kept, and notices meanwhile that the shell is gone.
  expect(await fetchLikeCurl(CURL.exec(banner)?.[0] ?? '')).toHaveProperty('data');
  signalAll('SIGTERM');
  expect(await text(shell.stdout)).toMatch(/"stopped"}\n$/);
});

test('in production standard output holds lines of JSON and nothing else, and one says where it listens', async () => {
  const { child } = spawnService({
    PORT: '0',
    ADMIN_PORT: '0',
    NODE_ENV: 'production',
    UPSTREAM_URL: 'http://127.0.0.1:9',
  });
  const first = await writtenUntil(child.stdout, /"listening"}\n/);
  const [, url] = /"url":"([^"]*)","msg":"listening"/.exec(first) ?? [];
  const rest = text(child.stdout);
  // A connection that is kept would be waited for.
  const headers = { connection: 'close' };
  expect((await fetch(`${url}/graphql`, { method: 'POST', headers })).status).toBeGreaterThanOrEqual(400);
  child.kill('SIGTERM');
  for (const line of (first + (await rest)).trimEnd().split('\n')) {
    expect(JSON.parse(line)).toMatchObject({ level: 30, msg: expect.any(String) });
  }
});

test('what hangs while it stops is not waited for', async () => {
  const script = `
    import { stopOnSignal } from '#process/run.ts';
    const logger = { info() {} };
    stopOnSignal({ logger, fail: () => process.exit(1) }, () => new Promise(() => {}), 100);
    setInterval(() => {}, 1000);
    console.log('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([1, null]);
});

test('a host name that is being looked up is not waited for: exit code and last words are as ever', async () => {
  const script = `
    import { lookup } from 'node:dns';
    import { exit } from '#process/exit.ts';
    process.on('exit', (code) => console.log('exit', code));
    lookup('localhost', () => {});
    exit(3);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  expect({ code, stdout, stderr }).toEqual({ code: 3, stdout: 'exit 3\n', stderr: '' });
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
