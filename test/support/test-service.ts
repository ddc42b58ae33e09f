import { onTestFinished } from 'vitest';
import { type Service, startService } from './service.ts';

/** The service as a process of its own, until the end of the test at the latest. */
export async function startTestService(
  env: Readonly<Record<string, string>>,
  nodeArguments?: readonly string[],
): Promise<Service> {
  const service = await startService(env, nodeArguments);
  onTestFinished(async () => {
    service.signal('SIGKILL');
    await service.exited;
  });
  return service;
}
