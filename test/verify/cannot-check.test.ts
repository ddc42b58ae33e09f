import { describe, expect, onTestFinished, test } from 'vitest';
import { startMockApi } from '#mock-api/start.ts';
import { freePort } from '../support/free-port.ts';
import { communityId, demoEnv, ids, runVerify, startDeviating } from './run-verify.ts';

const nowhere = 'http://127.0.0.1:1';

describe('arguments and environment', () => {
  test.each<[string, readonly string[], Record<string, string>, string]>([
    ['no token', ids, { UPSTREAM_URL: nowhere }, 'VERIFY_TOKEN must be'],
    ['an empty token', ids, { UPSTREAM_URL: nowhere, VERIFY_TOKEN: ' ' }, 'VERIFY_TOKEN must be'],
    ['a token with its scheme', ids, { ...demoEnv(nowhere), VERIFY_TOKEN: 'Bearer x' }, 'without "Bearer"'],
    [
      'a bad member token',
      ids,
      { ...demoEnv(nowhere), VERIFY_MEMBER_TOKEN: 'a\nb' },
      'VERIFY_MEMBER_TOKEN must be',
    ],
    ['no address', ids, { VERIFY_TOKEN: 'demo-owner' }, 'UPSTREAM_URL must be'],
    [
      'an address that is none',
      ids,
      { ...demoEnv('example.com') },
      'UPSTREAM_URL must be an http:// or https://',
    ],
    ['a bad deadline', ids, { ...demoEnv(nowhere), UPSTREAM_TIMEOUT_MS: 'x' }, 'UPSTREAM_TIMEOUT_MS must be'],
    ['no community', ids.slice(2), demoEnv(nowhere), '--community must be'],
    ['no user', ids.slice(0, 2), demoEnv(nowhere), '--user must be'],
    [
      'an id that is none',
      [...ids, '--user', '../x'],
      demoEnv(nowhere),
      '--user must be given: 1 to 64 characters',
    ],
    [
      'an option without its value',
      [...ids, '--user'],
      demoEnv(nowhere),
      "Option '--user <value>' argument missing",
    ],
    ['an unknown option', [...ids, '--token=s3cret'], demoEnv(nowhere), "Unknown option '--token'"],
    [
      'a stray argument',
      [...ids, 's3cret'],
      demoEnv(nowhere),
      'there is an argument that belongs to no option',
    ],
  ])('with %s it says so and exits with 2', async (_, argv, env, sentence) => {
    const { code, stdout, stderr } = await runVerify(argv, env);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('s3cret');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('everything that is wrong is said at once', async () => {
    const { stderr } = await runVerify([], {});
    for (const name of ['UPSTREAM_URL', 'VERIFY_TOKEN', '--community', '--user'])
      expect(stderr).toContain(name);
  });

  test('--help explains it all and checks nothing', async () => {
    const { code, stdout } = await runVerify(['--help'], {});
    expect(code).toBe(0);
    for (const name of ['VERIFY_TOKEN', 'VERIFY_MEMBER_TOKEN', '--json', 'Exit code'])
      expect(stdout).toContain(name);
  });
});

describe('with nothing to check it ends after a GET or two, with a sentence and 2:', () => {
  test('nobody listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await ending(url)).toEqual({
      code: 2,
      sentence: `The REST API at ${url}/ cannot be reached: nothing listens there (ECONNREFUSED).`,
    });
  });

  test('the host has no address', async () => {
    const { code, sentence } = await ending('http://rest.invalid');
    expect(sentence).toMatch(
      /^The REST API at http:\/\/rest\.invalid\/ cannot be reached: its host name [a-z ]+ \(E\w+\)\.$/,
    );
    expect(code).toBe(2);
  });

  test('nothing is ever answered', async () => {
    const url = await startDeviating((draft) => {
      draft.delayMs = Infinity;
    });
    expect(await ending(url, { UPSTREAM_TIMEOUT_MS: '50' })).toEqual({
      code: 2,
      sentence: `The REST API at ${url}/ cannot be reached: no answer in time.`,
    });
  });

  test('TLS is spoken to what speaks none', async () => {
    const url = await startDeviating(() => {});
    const { code, sentence } = await ending(url.replace('http:', 'https:'));
    expect(sentence).toMatch(/cannot be reached: E\w+\.$/);
    expect(code).toBe(2);
  });

  test.each(['demo-expired', 'demo-outsider', 'nonsense'])('the token %s is refused', async (token) => {
    expect(await ending(await startMock(), { VERIFY_TOKEN: token })).toEqual({
      code: 2,
      sentence: 'The REST API refuses VERIFY_TOKEN for this community (401).',
    });
  });

  test('the token is refused with 403', async () => {
    const url = await startDeviating((draft) => {
      draft.status = 403;
    });
    expect((await ending(url)).sentence).toBe('The REST API refuses VERIFY_TOKEN for this community (403).');
  });

  test('the member token is refused', async () => {
    expect(await ending(await startMock(), { VERIFY_MEMBER_TOKEN: 'demo-expired' })).toEqual({
      code: 2,
      sentence: 'The REST API refuses VERIFY_MEMBER_TOKEN for this community (401).',
    });
  });

  test('there is no such user', async () => {
    const url = await startMock();
    const argv = ['--community', communityId, '--user', '61100af5c548eb5c7ebcf002'];
    const { code, stderr } = await runVerify(argv, demoEnv(url));
    expect(stderr).toContain('The REST API knows no such user in this community (404).');
    expect(code).toBe(2);
  });
});

async function startMock(): Promise<string> {
  const mockApi = await startMockApi();
  onTestFinished(() => mockApi.stop());
  return mockApi.url;
}

/** The exit code, and the last line on stderr. */
async function ending(url: string, env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runVerify(ids, { ...demoEnv(url), ...env });
  expect(stdout).toBe('');
  return { code, sentence: stderr.trimEnd().split('\n').at(-1) };
}
