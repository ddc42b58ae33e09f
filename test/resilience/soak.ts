/**
 * Puts many requests through the service over a REST API whose every fifth answer is faulty, and fails if an answer is
 * not as promised, or if memory or sockets do not stay flat:
 *
 *     node test/resilience/soak.ts [requests]
 */
import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';
import { type Service, startService } from '../support/service.ts';
import { COLLECT, collectGarbage } from './collect-garbage.ts';
import { startFaultyApi } from './faulty-api.ts';

export interface Soak {
  readonly requests: number;
  /** Requests under way at any time. */
  readonly clients: number;
  /** Connections to the REST API at the most. */
  readonly connections: number;
  /** After how many parts of the whole to measure. */
  readonly parts: number;
  readonly log: (line: string) => void;
}

/** What is left while nothing is being done. */
export interface Sample {
  /** Megabytes, after a collection. */
  readonly heap: number;
  readonly resident: number;
  /** Files that are open, sockets among them. */
  readonly files: number;
  readonly connections: number;
  /** GETs under way or in line. */
  readonly gets: number;
}

export interface SoakResult {
  readonly faults: number;
  readonly mostConnections: number;
  /** Answers that are not as promised. */
  readonly wrong: readonly string[];
  readonly samples: readonly Sample[];
  readonly exit: number | NodeJS.Signals;
}

/** Runs it. Everything that it starts has ended when it resolves. */
export async function soak({ requests, clients, connections, parts, log }: Soak): Promise<SoakResult> {
  await using started = new AsyncDisposableStack();
  const api = await startFaultyApi();
  started.defer(() => api.stop());
  const env = {
    UPSTREAM_URL: api.url,
    UPSTREAM_TIMEOUT_MS: '1000',
    UPSTREAM_CONNECTIONS: String(connections),
    UPSTREAM_MAX_BODY_BYTES: '9999',
    LOG_LEVEL: 'error',
  };
  const service = await startService(env, COLLECT);
  started.defer(async () => {
    service.signal('SIGTERM');
    await service.exited;
  });
  const pool = new Pool(service.url, { connections: clients });
  started.defer(() => pool.destroy());

  const wrong: string[] = [];
  const codes = new Map<string, number>();
  const samples: Sample[] = [];
  let sent = 0;
  for (let part = 1; part <= parts; part++) {
    const end = Math.round((requests * part) / parts);
    const began = performance.now();
    const first = sent;
    await Promise.all(Array.from({ length: clients }, client));
    const seconds = (performance.now() - began) / 1000;
    const now = await sample(service);
    samples.push(now);
    log(
      `${sent} requests, ${api.faults} faults, ${Math.round((sent - first) / seconds)}/s; ` +
        `heap ${now.heap} MB, resident ${now.resident} MB, ${now.files} files, ${now.connections} connections, ` +
        `${now.gets} GETs; ${[...codes].map(([code, count]) => `${code} ${count}`).join(', ')}`,
    );

    async function client(): Promise<void> {
      while (sent < end) {
        const { kind, text } = await ask(pool, sent++);
        if (kind === 'wrong' || text.includes(new URL(api.url).host) || text.includes(TOKEN))
          wrong.push(text);
        codes.set(kind, (codes.get(kind) ?? 0) + 1);
      }
    }
  }
  service.signal('SIGTERM');
  const exit = await service.exited;
  return { faults: api.faults, mostConnections: api.mostSockets, wrong, samples, exit };
}

const TOKEN = 'a-token-of-the-soak';

/** Every so many requests the client goes away instead of waiting. */
const GONE_EVERY = 50;

/** Asks for a user, every eighth time for the same as the request before, and says what kind of answer it got. */
async function ask(pool: Pool, number: number): Promise<{ kind: string; text: string }> {
  const alike = number % 8 === 1 ? number - 1 : number;
  const user = `u${alike % 1000}`;
  const goesAway = number % GONE_EVERY === 0;
  try {
    const response = await pool.request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}-${alike % 3}` },
      body: JSON.stringify({
        query: `query ($id: ID!) { communityUser(communityId: "c", userId: $id) { _id firstName } }`,
        variables: { id: user },
      }),
      signal: goesAway ? AbortSignal.timeout(2) : null,
    });
    const text = await response.body.text();
    if (response.statusCode === 200) return { kind: kindOf(text, user), text };
    // So many hang that others have waited for half of their deadline.
    const turnedAway = response.statusCode === 503 && response.headers['retry-after'] === '1';
    return { kind: turnedAway ? 'turned away' : 'wrong', text };
  } catch (error) {
    return goesAway ? { kind: 'gone', text: '' } : { kind: 'wrong', text: String(error) };
  }
}

interface Answer {
  readonly data: {
    readonly communityUser: { readonly _id: string | null; readonly firstName: unknown } | null;
  };
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

const CODES = [
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_BAD_RESPONSE',
  'RATE_LIMITED',
  'UNAUTHENTICATED',
];

function kindOf(text: string, asked: string): string {
  const { data, errors = [] }: Answer = JSON.parse(text);
  const [code] = new Set(errors.map(({ extensions }) => extensions.code));
  if (code !== undefined) return CODES.includes(code) ? code : 'wrong';
  if (data.communityUser === null) return 'absent';
  const { _id, firstName } = data.communityUser;
  return _id === asked && firstName === 'firstName' ? 'ok' : 'wrong';
}

/** Measures once nothing is under way any more. */
async function sample(service: Service): Promise<Sample> {
  for (let look = 0; ; look++) {
    const { heap, resident, read } = await collectGarbage(service);
    const gets = read('upstream_gets_in_flight') + read('upstream_gets_waiting');
    if (gets === 0 || look === 100) {
      return {
        heap,
        resident,
        files: read('process_open_fds'),
        connections: read('upstream_connections'),
        gets,
      };
    }
    await setTimeout(20);
  }
}

/** What is wrong with a soak's result; empty where all is as it should be. Memory is judged where there was time to settle. */
export function verdict(
  { samples, wrong, mostConnections, exit }: SoakResult,
  { connections, clients }: Soak,
): string[] {
  const problems = wrong.slice(0, 10).map((text) => `wrong answer: ${text}`);
  const [first] = samples;
  for (const { gets, files, connections: open } of samples) {
    if (gets > 0) problems.push(`${gets} GETs are left over`);
    if (open > connections) problems.push(`${open} connections`);
    if (first !== undefined && files > first.files + connections + clients)
      problems.push(`${files} files are open`);
  }
  // A connection that we closed may be one of its open ones for a moment, as the REST API sees it.
  if (mostConnections > 2 * connections) problems.push(`${mostConnections} connections at once`);
  if (exit !== 0) problems.push(`it ended with ${exit}`);
  for (const what of ['heap', 'resident'] as const) {
    const [early, late] = [meanOf(samples, what, 0.25, 0.5), meanOf(samples, what, 0.75, 1)];
    if (samples.length >= SETTLED && late > early * 1.1 + 5)
      problems.push(`${what} grew from ${early} to ${late} MB`);
  }
  return problems;
}

/** So many samples tell a trend. */
const SETTLED = 12;

function meanOf(samples: readonly Sample[], what: 'heap' | 'resident', from: number, to: number): number {
  const part = samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to));
  return Math.round(part.reduce((sum, one) => sum + one[what], 0) / part.length);
}

if (import.meta.main) {
  const requests = Number(process.argv[2] ?? 200_000);
  const options: Soak = { requests, clients: 32, connections: 16, parts: 20, log: console.log };
  const result = await soak(options);
  const problems = verdict(result, options);
  console.log(problems.length === 0 ? 'flat' : problems.join('\n'));
  process.exitCode = problems.length === 0 ? 0 : 1;
}
