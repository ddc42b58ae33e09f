import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../support/listen.ts';

test('the web example says in one sentence that its port is taken, and exits with 1', async () => {
  const other = createServer();
  const port = await listen(other);
  onTestFinished(() => void other.close());
  expect(await run('--port', `${port}`)).toEqual({
    code: 1,
    stdout: '',
    stderr: `Port ${port} is taken: end what listens there, or name another with --port.\n`,
  });
});

test('the web example explains itself', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--port') });
});

test.each(['--prot', '--port eighty', '--port 70000'])('the web example refuses %s', async (parameters) => {
  const refusal = { code: 1, stderr: expect.stringContaining('--port') };
  expect(await run(...parameters.split(' '))).toMatchObject(refusal);
});

const START = fileURLToPath(new URL('../../examples/web/start.ts', import.meta.url));

function run(...parameters: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [START, ...parameters], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}
