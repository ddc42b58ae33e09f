import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { START_ARGUMENTS } from '../support/start-arguments.ts';

/** The service as its own process, the way `npm start` runs it. */
export interface ServiceProcess {
  /** Without a path: `http://127.0.0.1:49152`. */
  readonly url: string;
  /** All that it wrote so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Sends SIGTERM; gives the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the service with nothing but these environment variables, on free ports. It ends with the test at the latest. */
export async function startService(env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const child = spawn(process.execPath, START_ARGUMENTS, { env: { PORT: '0', ...env }, stdio: 'pipe' });
  const exited = once(child, 'exit');
  let stdout = '';
  let stderr = '';
  const started = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const [, url] = /^GraphQL +(\S+)\/graphql$/m.exec(stdout) ?? [];
      if (url !== undefined) resolve(url);
    });
    exited.then(() => reject(new Error(`The service ended: ${stdout}${stderr}`)), reject);
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    const [code] = await exited;
    return code;
  };
  onTestFinished(async () => {
    await stop();
  });
  return {
    url: await started,
    stop,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
  };
}

/** The lines of a log in JSON that have this message. */
export function logLines(log: string, message: string): Record<string, unknown>[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{"level"'))
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter((line) => line.msg === message);
}
