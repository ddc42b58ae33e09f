import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startMockApi } from '#mock-api/start.ts';
import { checkCount, demoEnv, getCount, ids, startDeviating } from './run-verify.ts';

const MAIN = new URL('../../src/verify/cli.ts', import.meta.url).pathname;

describe('as a process', () => {
  test('it exits with 0 where all holds, and with 1 where something deviates; with --json it prints nothing but JSON', async () => {
    const mockApi = await startMockApi();
    onTestFinished(() => mockApi.stop());
    const url = await startDeviating(({ body }) => {
      if (body.data && 'id' in body.data) body.data.id = 'x';
    });
    // Each takes its time: it pauses between its GETs.
    const [good, deviating] = await Promise.all([
      run(ids, demoEnv(mockApi.url)),
      run([...ids, '--json'], demoEnv(url)),
    ]);
    expect(good.stdout).toContain(`${checkCount} hold, 0 deviate`);
    expect(good.stderr).toContain(`${getCount}/${getCount}`);
    expect(good.code).toBe(0);
    expect(JSON.parse(deviating.stdout)).toMatchObject({ holds: false });
    expect(deviating.stderr).toBe('');
    expect(deviating.code).toBe(1);
  });

  test('it exits with 2 where it cannot check', async () => {
    const { code, stdout, stderr } = await run([], {});
    expect(stderr).toContain('VERIFY_TOKEN must be');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('it ends without a word where nobody reads on', async () => {
    const child = spawn(process.execPath, [MAIN, '--help'], { env: {} });
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdout.destroy();
    const [[code], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
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
