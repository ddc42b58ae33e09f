/**
 * Restarts two instances behind nginx in turn, under load, and fails if any request is lost:
 *
 *     node test/resilience/rolling-restart.ts [rounds]
 *
 * Needs nginx (`apt-get install nginx-light`).
 */
import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';
import { startMockApi } from '#mock-api/start.ts';
import { communityId, userId } from '../support/demo.ts';
import { freePort } from '../support/free-port.ts';
import { type Service, startService } from '../support/service.ts';
import { findNginx, startNginx } from './nginx.ts';

export interface RollingRestart {
  /** How often each instance is restarted. */
  readonly rounds: number;
  /** Requests under way at any time. */
  readonly clients: number;
  /** How long both instances serve between two restarts. */
  readonly pauseMs: number;
  readonly log: (line: string) => void;
}

/** What came of it. */
export interface Result {
  readonly requests: number;
  /** For each request that got no good answer, what it got. */
  readonly lost: readonly string[];
  /** How the stopped instances ended. */
  readonly exits: readonly (number | NodeJS.Signals)[];
}

/** Puts load on nginx while the instances behind it are restarted. Everything that it starts has ended when it resolves. */
export async function rollingRestart(nginxProgram: string, options: RollingRestart): Promise<Result> {
  const { rounds, clients, pauseMs, log } = options;
  const exits: (number | NodeJS.Signals)[] = [];
  await using started = new AsyncDisposableStack();
  const api = await startMockApi();
  started.defer(() => api.stop());

  const ports = [await freePort(), await freePort()];
  const start = (port: number) =>
    startService({ PORT: String(port), UPSTREAM_URL: api.url, LOG_LEVEL: 'warn' });
  const instances: Service[] = [];
  const stop = async (instance: Service | undefined) => {
    instance?.signal('SIGTERM');
    if (instance !== undefined) exits.push(await instance.exited);
  };
  started.defer(async () => void (await Promise.all(instances.map(stop))));
  for (const port of ports) instances.push(await start(port));
  const port = await freePort();
  const nginx = await startNginx(nginxProgram, { port, http: inFrontOf(ports, port) });
  started.defer(() => nginx.stop());
  const load = new Load(`http://127.0.0.1:${port}`, clients);
  started.defer(() => load.stop());

  for (let round = 1; round <= rounds; round++) {
    for (const [index, port] of ports.entries()) {
      await setTimeout(pauseMs);
      await stop(instances[index]);
      instances[index] = await start(port);
      log(
        `round ${round}, instance ${index + 1} restarted: ${load.requests} requests, ${load.lost.length} lost`,
      );
    }
  }
  await setTimeout(pauseMs);
  await load.stop();
  return { requests: load.requests, lost: load.lost, exits };
}

/** What operations.md says, but for TLS. */
function inFrontOf(ports: readonly number[], port: number): string {
  return `
    upstream layer {
      ${ports.map((one) => `server 127.0.0.1:${one} max_fails=0;`).join('\n      ')}
      keepalive 16;
    }
    server {
      listen 127.0.0.1:${port};
      location / {
        proxy_pass http://layer;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_next_upstream error timeout non_idempotent;
      }
    }`;
}

/** Clients that ask one thing after another. */
class Load {
  requests = 0;
  readonly lost: string[] = [];
  readonly #pool: Pool;
  readonly #clients: readonly Promise<void>[];
  #stopped = false;

  constructor(url: string, clients: number) {
    this.#pool = new Pool(url, { connections: clients });
    this.#clients = Array.from({ length: clients }, () => this.#client());
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await Promise.all(this.#clients);
    await this.#pool.close();
  }

  async #client(): Promise<void> {
    while (!this.#stopped) {
      const number = this.requests++ % 200;
      const answer = await this.#ask(number).catch((error: Error) => error.message);
      if (answer !== `{"data":{"communityUser":{"_id":"${userId(number)}"}}}`) this.lost.push(answer);
    }
  }

  async #ask(number: number): Promise<string> {
    const variables = { communityId, userId: userId(number) };
    const response = await this.#pool.request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', authorization: 'Bearer demo-owner' },
      body: JSON.stringify({ query: QUERY, variables }),
    });
    return (await response.body.text()).trim();
  }
}

const QUERY =
  'query ($communityId: ID!, $userId: ID!) { communityUser(communityId: $communityId, userId: $userId) { _id } }';

if (import.meta.main) {
  const rounds = Number(process.argv[2] ?? 5);
  const program = findNginx();
  if (program === undefined) throw new Error('nginx is not installed');
  const result = await rollingRestart(program, { rounds, clients: 16, pauseMs: 1000, log: console.log });
  console.log(`${result.requests} requests, ${result.lost.length} lost; exits: ${result.exits.join(' ')}`);
  for (const answer of result.lost.slice(0, 10)) console.log(`lost: ${answer}`);
  const failed = result.lost.length > 0 || result.exits.some((exit) => exit !== 0);
  process.exitCode = failed ? 1 : 0;
}
