import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { START_ARGUMENTS } from './start-arguments.ts';

export type LogLine = Readonly<Record<string, unknown>>;

/** The service as a process of its own, with workers. */
export interface ClusteredService {
  /** Without a path: `http://127.0.0.1:49152`. */
  readonly url: string;
  readonly process: ChildProcess;
  /** The exit code, once it ended. */
  readonly exited: Promise<number | null>;
  /** What it wrote on standard error, once it ended. */
  readonly stderr: Promise<string>;
  /** What it wrote so far on standard output. */
  readonly stdout: string;
  /** Whole lines of the log so far with this message. */
  logged(message: string): LogLine[];
  /** Waits until so many lines with this message are there. */
  untilLogged(message: string, count?: number): Promise<LogLine[]>;
}

/** Starts the process with these environment variables and none of ours. It ends with the test at the latest. */
export function spawnService(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, START_ARGUMENTS, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  // Not 'exit', behind which may come what it wrote at the end.
  const exited = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { child, exited: exited.then(([code]): number | null => code), stderr: text(child.stderr) };
}

/** Starts the service on a free port and waits for its banner. */
export async function startClusteredService(
  env: Readonly<Record<string, string>>,
): Promise<ClusteredService> {
  const { child, exited, stderr } = spawnService({ PORT: '0', WORKERS: '2', ...env });
  const output = collect(child.stdout);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  ended.catch(() => {});
  exited.then(async (code) => reject(new Error(`It ended with ${code}: ${output.text}${await stderr}`)));
  const until = <Value>(read: () => Value | undefined) => Promise.race([ended, output.until(read)]);

  const logged = (message: string) => linesOf(output.text).filter((line) => line.msg === message);
  return {
    url: await until(() => /^GraphQL +(\S+)\/graphql$/m.exec(output.text)?.[1]),
    process: child,
    exited,
    stderr,
    get stdout() {
      return output.text;
    },
    logged,
    untilLogged: (message, count = 1) =>
      until(() => (logged(message).length >= count ? logged(message) : undefined)),
  };
}

/** GET over a connection of its own, which the primary process gives to the worker whose turn it is. */
export async function getAlone(url: string, headers: Readonly<Record<string, string>> = {}) {
  const outgoing = request(url, { agent: false, headers }).end();
  const [response] = await once(outgoing, 'response');
  return { status: Number(response.statusCode), text: await text(response) };
}

/** The lines of a log in JSON, among other things that were written; not the last one, which may not be whole. */
function linesOf(log: string): LogLine[] {
  const lines = log.split('\n').slice(0, -1);
  return lines.filter((line) => line.startsWith('{')).map((line): LogLine => JSON.parse(line));
}

function collect(stream: Readable) {
  let written = '';
  const waiting = new Set<() => void>();
  stream.setEncoding('utf8').on('data', (chunk) => {
    written += chunk;
    for (const look of waiting) look();
  });
  return {
    get text() {
      return written;
    },
    until<Value>(read: () => Value | undefined): Promise<Value> {
      return new Promise((resolve) => {
        const look = () => {
          const value = read();
          if (value === undefined) return;
          waiting.delete(look);
          resolve(value);
        };
        waiting.add(look);
        look();
      });
    },
  };
}
