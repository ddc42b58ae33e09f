import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The service as a process of its own. */
export interface Service {
  /** Without a path: `http://127.0.0.1:49152`. */
  readonly url: string;
  readonly pid: number;
  /** All that it wrote so far, to standard output and standard error. */
  readonly written: string;
  /** Exit code, or else the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves once it has written this. */
  hasWritten(text: string): Promise<void>;
}

const MAIN = new URL('../../src/main.js', import.meta.url).pathname;

/**
 * Runs the service with nothing but these environment variables, by default on a free port; resolves once it is ready.
 * Whoever starts it ends it.
 * @throws Error where it ends before
 */
export async function startService(
  env: Readonly<Record<string, string>>,
  nodeArguments: readonly string[] = [],
): Promise<Service> {
  const child = spawn(process.execPath, [...nodeArguments, MAIN], {
    env: { PORT: '0', ...env },
    stdio: 'pipe',
  });
  let written = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      written += chunk;
      for (const look of waiting) look();
    });
  }
  const exited = once(child, 'exit').then(([code, signal]): number | NodeJS.Signals => code ?? signal);
  const hasWritten = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!written.includes(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      exited.then(() => reject(new Error(`The service ended: ${written}`)));
    });

  await hasWritten('Try it:');
  const [, url = ''] = /^GraphQL +(\S+)\/graphql$/m.exec(written) ?? [];
  return {
    url,
    pid: child.pid ?? 0,
    get written() {
      return written;
    },
    exited,
    signal: (signal) => void child.kill(signal),
    hasWritten,
  };
}
