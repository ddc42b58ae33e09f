import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Candidate } from './candidates.ts';
import { onServerCore } from './cores.ts';
import { cpuMicrosOf, processCountOf, residentBytesOf } from './proc-stat.ts';
import { bodyOf, works } from './works.ts';

const startDeadlineMs = 20_000;

/** How to start a server; what is unset is as in the table. */
export interface StartOptions {
  readonly upstreamUrl: string;
  readonly nodeFlags?: readonly string[];
  readonly env?: Record<string, string>;
  /** On every core rather than on its own, whatever the candidate says. */
  readonly spread?: boolean;
}

/** A candidate that runs and has answered once. */
export interface RunningServer {
  readonly port: number;
  /** From the start of the process to its first answer to a query. */
  readonly firstAnswerMs: number;
  cpuMicros(): number;
  residentBytes(): number;
  processCount(): number;
  /** Asks the process to end, and makes it end if it has not after five seconds. */
  stop(): Promise<void>;
}

/** Starts a candidate on a free port. Throws, with what it wrote on stderr, where it does not answer in 20 s. */
export async function startServer(candidate: Candidate, options: StartOptions): Promise<RunningServer> {
  const port = await freePort();
  const command = [process.execPath, ...(options.nodeFlags ?? []), ...candidate.args];
  const [file = '', ...args] = onServerCore(command, options.spread ?? candidate.spread);
  const started = performance.now();
  const child = spawn(file, args, {
    cwd: candidate.cwd,
    env: { ...process.env, ...environment(port, options.upstreamUrl), ...candidate.env, ...options.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stderr = collectStderr(child);
  const running: RunningServer = {
    port,
    firstAnswerMs: 0,
    cpuMicros: () => cpuMicrosOf(child.pid ?? 0),
    residentBytes: () => residentBytesOf(child.pid ?? 0),
    processCount: () => processCountOf(child.pid ?? 0),
    stop: () => stop(child),
  };
  try {
    await firstAnswer(port, child);
  } catch (cause) {
    await stop(child);
    throw new Error(`${candidate.name} did not start: ${stderr() || String(cause)}`, { cause });
  }
  return { ...running, firstAnswerMs: performance.now() - started };
}

function environment(port: number, upstreamUrl: string): Record<string, string> {
  return {
    PORT: `${port}`,
    HOST: '127.0.0.1',
    UPSTREAM_URL: upstreamUrl,
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
  };
}

async function firstAnswer(port: number, child: ChildProcess): Promise<void> {
  const [work] = works;
  if (!work) throw new Error('there is no work');
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer bench-token' },
    body: bodyOf(work, 0),
  };
  const deadline = performance.now() + startDeadlineMs;
  let last = 'none';
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, init);
      const body = await response.text();
      if (response.ok) return;
      last = `${response.status} ${body.slice(0, 300)}`;
    } catch {
      // It does not listen yet.
    }
    await pause(2);
  }
  if (child.exitCode !== null) throw new Error(`it ended with exit code ${child.exitCode}`);
  throw new Error(`it gave no good answer in ${startDeadlineMs / 1000} s; the last: ${last}`);
}

function collectStderr(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk) => {
    text = (text + chunk).slice(-2000);
  });
  return () => text.trim();
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exited;
  clearTimeout(insist);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (!address || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
