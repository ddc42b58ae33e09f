import { expect, test } from 'vitest';
import { startClusteredService } from '../support/clustered-service.ts';
import { startTestService } from '../support/test-service.ts';

/** Loaded into each process of the service before anything else: tries to make code, and says how that went. */
const attempts = `
  const tries = [
    () => eval('1'),
    () => (0, eval)('1'),
    () => Function('return 1')(),
    () => new (async () => {}).constructor('return 1')(),
    () => new (function* () {}).constructor('yield 1')(),
  ];
  for (const run of tries) {
    try { run(); process.stderr.write('made code\\n'); } catch (error) { process.stderr.write(error.name + '\\n'); }
  }`;
const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(attempts)}` };

const refused = (processes: number) => Array(5 * processes).fill('EvalError');

test('in the service that npm start starts, no string becomes code', async () => {
  const service = await startTestService(env);
  await service.stop();
  expect(service.stderr.trim().split('\n')).toEqual(refused(1));
});

test('nor in its workers', async () => {
  const service = await startClusteredService({ ...env, WORKERS: '2' });
  service.process.kill('SIGTERM');
  await service.exited;
  expect((await service.stderr).trim().split('\n')).toEqual(refused(3));
});
