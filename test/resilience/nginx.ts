import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '../support/free-port.ts';

/** A running nginx. */
export interface Nginx {
  /** Without a path. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Where nginx is installed; undefined where it is not. Debian has it outside of the usual PATH. */
export function findNginx(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'nginx')).find(isExecutable);
}

/**
 * Runs nginx on a free port of 127.0.0.1, in front of servers on these ports.
 * @throws Error where it does not start
 */
export async function startNginx(program: string, ports: readonly number[]): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, port, ports));
  const child = spawn(program, ['-p', folder, '-e', 'stderr', '-c', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${errors}`);
  }
  return {
    url,
    async stop() {
      child.kill('SIGQUIT');
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

function configuration(folder: string, port: number, ports: readonly number[]): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
    daemon off;
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    pid ${folder}/nginx.pid;
    events { worker_connections 512; }
    http {
      access_log off;
      ${paths.map((path) => `${path}_temp_path ${folder}/${path};`).join('\n      ')}
      upstream layer {
        # A server that refuses a connection is asked again with the next request: it is only being restarted.
        ${ports.map((one) => `server 127.0.0.1:${one} max_fails=0;`).join('\n        ')}
        keepalive 16;
      }
      server {
        listen 127.0.0.1:${port};
        location = /nginx { return 204; }
        location / {
          proxy_pass http://layer;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          # Every operation is a query, so a POST may be sent again like any GET.
          proxy_next_upstream error timeout non_idempotent;
        }
      }
    }`;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/nginx`)).ok;
  } catch {
    return false;
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
