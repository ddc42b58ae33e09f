import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { START_ARGUMENTS } from './start-arguments.ts';

/** The service as a process of its own. */
export interface Service {
  /** Without a path: `http://127.0.0.1:49152`. */
  readonly url: string;
  /** What it wrote so far to standard output, to standard error, and to both in the order in which it came. */
  readonly stdout: string;
  readonly stderr: string;
  readonly written: string;
  /** Exit code, or else the signal that ended it, once all that it wrote is there. */
  readonly exited: Promise<number | NodeJS.Signals>;
  signal(signal: NodeJS.Signals): void;
  /** Sends SIGTERM; gives the exit code. */
  stop(): Promise<number | NodeJS.Signals>;
  /** Resolves once it has written this. */
  hasWritten(text: string): Promise<void>;
}

/**
 * Runs the service as `npm start` does, with nothing but these environment variables, by default on a free port; resolves
 * once it is ready. Whoever starts it ends it. It needs no test around it.
 * @throws Error where it ends before
 */
export async function startService(
  env: Readonly<Record<string, string>>,
  nodeArguments: readonly string[] = [],
): Promise<Service> {
  const child = spawn(process.execPath, [...nodeArguments, ...START_ARGUMENTS], {
    env: { PORT: '0', ...env },
    stdio: 'pipe',
  });
  const texts = { stdout: '', stderr: '', written: '' };
  const waiting = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      texts[stream] += chunk;
      texts.written += chunk;
      for (const look of waiting) look();
    });
  }
  // Not 'exit', behind which may come what it wrote at the end.
  const exited = once(child, 'close').then(([code, signal]): number | NodeJS.Signals => code ?? signal);
  const hasWritten = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!texts.written.includes(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      exited.then(() => reject(new Error(`The service ended: ${texts.written}`)), reject);
    });

  await hasWritten('Try it:');
  const [, url = ''] = /^GraphQL +(\S+)\/graphql$/m.exec(texts.stdout) ?? [];
  return {
    url,
    get stdout() {
      return texts.stdout;
    },
    get stderr() {
      return texts.stderr;
    },
    get written() {
      return texts.written;
    },
    exited,
    signal: (signal) => void child.kill(signal),
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
    hasWritten,
  };
}
