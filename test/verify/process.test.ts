import { execFile } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startMockApi } from '#mock-api/start.ts';
import { checkCount, demoEnv, getCount, ids, startDeviating } from './run-verify.ts';

const MAIN = new URL('../../src/verify/cli.ts', import.meta.url).pathname;

describe('as a process', () => {
  test('it exits with 0 where all holds', async () => {
    const mockApi = await startMockApi();
    onTestFinished(() => mockApi.stop());
    const { code, stdout, stderr } = await run(ids, demoEnv(mockApi.url));
    expect(stdout).toContain(`${checkCount} hold, 0 deviate`);
    expect(stderr).toContain(`${getCount}/${getCount}`);
    expect(code).toBe(0);
  });

  test('it exits with 1 where something deviates, and prints nothing but JSON with --json', async () => {
    const url = await startDeviating(({ body }) => {
      if (body.data && 'id' in body.data) body.data.id = 'x';
    });
    const { code, stdout, stderr } = await run([...ids, '--json'], demoEnv(url));
    expect(JSON.parse(stdout)).toMatchObject({ holds: false });
    expect(stderr).toBe('');
    expect(code).toBe(1);
  });

  test('it exits with 2 where it cannot check', async () => {
    const { code, stdout, stderr } = await run([], {});
    expect(stderr).toContain('VERIFY_TOKEN is not set');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('it explains itself', async () => {
    const { code, stdout } = await run(['--help'], {});
    expect(stdout).toContain('npm run verify -- --community <id> --user <id>');
    expect(code).toBe(0);
  });
});

function run(argv: readonly string[], env: Record<string, string>) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...argv], { env }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}
