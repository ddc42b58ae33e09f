import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A running nginx. */
export interface Nginx {
  stop(): Promise<void>;
}

/** Where nginx is installed; undefined where it is not. Debian has it outside of the usual PATH. */
export function findNginx(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'nginx')).find(isExecutable);
}

export interface NginxOptions {
  /** A port of 127.0.0.1 that it listens on. */
  readonly port: number;
  /** Stands in the `http` block of its configuration. */
  readonly http: string;
}

/**
 * Runs nginx. Files that its configuration names are looked for in `folder`, an empty one if it is not given.
 * @throws Error where it does not start
 */
export async function startNginx(
  program: string,
  { port, http }: NginxOptions,
  folder = mkdtempSync(join(tmpdir(), 'nginx-')),
): Promise<Nginx> {
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, http));
  const child = spawn(program, ['-p', folder, '-e', 'stderr', '-c', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${errors}`);
  }
  return {
    async stop() {
      child.kill('SIGQUIT');
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

function configuration(folder: string, http: string): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
    daemon off;
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    pid ${folder}/nginx.pid;
    events { worker_connections 512; }
    http {
      access_log off;
      ${paths.map((path) => `${path}_temp_path ${folder}/${path};`).join('\n      ')}
      ${http}
    }`;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
