import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import {
  type ClusteredService,
  getAlone,
  spawnService,
  startClusteredService,
} from '../support/clustered-service.ts';
import { communityId, userId } from '../support/demo.ts';
import { envelope, type RestApi, sendJson, startRestApi } from '../support/rest-api.ts';

const HEADERS = { authorization: 'Bearer demo-owner', 'content-type': 'application/json' };

/** Asks for the email of users, each in an operation and over a connection of its own. */
async function ask({ url }: ClusteredService, ...users: number[]) {
  return await Promise.all(users.map((user) => getAlone(operationUrl(url, user), HEADERS)));
}

function operationUrl(url: string, ...users: number[]): string {
  const ids = users.map((user) => `"${userId(user)}"`).join();
  const query = `{ communityUsers(communityId: "${communityId}", userIds: [${ids}]) { email } }`;
  return `${url}/graphql?${new URLSearchParams({ query })}`;
}

/** A sample of `/metrics`, by its name and labels as they stand there. */
async function sample(adminUrl: string, name: string): Promise<number> {
  const { text } = await getAlone(`${adminUrl}/metrics`);
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}

/** Waits for a value of a sample: a worker that is busy may be late with its own part of it. */
async function expectSample(adminUrl: string, name: string, value: number): Promise<void> {
  await expect.poll(() => sample(adminUrl, name), { timeout: 120_000 }).toBe(value);
}

const OK = 'graphql_operation_duration_seconds_count{outcome="ok"}';

/** Keeps every GET waiting; `arrived` gives so many of them, once they are there. */
async function startHoldingRestApi() {
  const held: ServerResponse[] = [];
  const more = new Set<() => void>();
  const restApi = await startRestApi((_request, response) => {
    held.push(response);
    for (const look of more) look();
  });
  const arrived = (count: number) =>
    new Promise<readonly ServerResponse[]>((resolve) => {
      const look = () => {
        if (held.length >= count) resolve(held);
      };
      more.add(look);
      look();
    });
  return { restApi, arrived };
}

function release(held: readonly ServerResponse[]): void {
  for (const response of held) sendJson(response, 200, envelope({ email: 'late@example.com' }));
}

function start(restApi: RestApi, env: Readonly<Record<string, string>> = {}): Promise<ClusteredService> {
  return startClusteredService({ UPSTREAM_URL: restApi.url, ...env });
}

const range = (count: number) => Array.from({ length: count }, (_, number) => number);
const pidsOf = (lines: readonly Readonly<Record<string, unknown>>[]) => new Set(lines.map(({ pid }) => pid));

describe('with WORKERS=2', () => {
  test('two processes answer on one free port, which is told once, with one embedded REST API behind them', async () => {
    const service = await startClusteredService({});
    for (const { text } of await ask(service, ...Array(10).fill(0)))
      expect(text).toContain('admin@example.com');
    const pids = pidsOf(await service.untilLogged('operation', 10));
    expect(pids.size).toBe(2);
    expect(pids).not.toContain(service.process.pid);
    expect(service.stdout.match(/^GraphQL /gm)).toHaveLength(1);
    expect((await getAlone(`${service.url}/graphql`, { accept: 'text/html' })).text).toContain('demo-owner');
  });

  test('what goes on in each of them is added up, and the worst breaker is told', async () => {
    const { restApi, arrived } = await startHoldingRestApi();
    const service = await start(restApi, { UPSTREAM_ATTEMPTS: '1' });
    const answers = ask(service, 1, 2);
    const held = await arrived(2);
    await expectSample(service.url, 'upstream_gets_in_flight', 2);
    await expectSample(service.url, 'upstream_connections', 2);
    await expectSample(service.url, 'upstream_breaker_open', 0);
    release(held);
    await answers;

    const failing = getAlone(operationUrl(service.url, ...range(30)), HEADERS);
    for (const response of (await arrived(32)).slice(2)) response.writeHead(500).end();
    await failing;
    await expectSample(service.url, 'upstream_breaker_open', 1);
  });

  test('they share the connections that the REST API is to have', async () => {
    const { restApi, arrived } = await startHoldingRestApi();
    const service = await start(restApi, { UPSTREAM_CONNECTIONS: '4' });
    const answers = [1, 10].map((first) =>
      getAlone(operationUrl(service.url, first, first + 1, first + 2), HEADERS),
    );
    const held = await arrived(4);
    await expectSample(service.url, 'upstream_connections', 4);
    await expectSample(service.url, 'upstream_gets_waiting', 2);
    release(held.slice(0, 4));
    release((await arrived(6)).slice(4));
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
  });

  test('ADMIN_PORT tells health and what they count, added up; the public port does not', async () => {
    const service = await start(await startRestApi(), { ADMIN_PORT: '0' });
    const [line] = await service.untilLogged('health and metrics');
    const adminUrl = String(line?.url);
    for (const { status } of await ask(service, ...range(20))) expect(status).toBe(200);
    expect(pidsOf(await service.untilLogged('operation', 20)).size).toBe(2);
    await expectSample(adminUrl, OK, 20);
    await expectSample(adminUrl, 'upstream_gets_total{resource="communityUser"}', 20);
    await expectSample(
      adminUrl,
      'upstream_attempt_duration_seconds_count{resource="communityUser",status="200"}',
      20,
    );
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect((await getAlone(adminUrl + path)).status).toBe(200);
      expect((await getAlone(service.url + path)).status).toBe(404);
    }
  });
});

describe('a worker that is killed', () => {
  test('is replaced, while the others serve and what it counted stays counted', async () => {
    const service = await start(await startRestApi(), { ADMIN_PORT: '0' });
    const [line] = await service.untilLogged('health and metrics');
    const adminUrl = String(line?.url);
    const [first] = await service.untilLogged('a worker listens', 2);
    await ask(service, ...range(10));
    await expectSample(adminUrl, OK, 10);
    await service.untilLogged('operation', 10);

    process.kill(Number(first?.worker), 'SIGKILL');
    const [ended] = await service.untilLogged('a worker ended, and is replaced');
    expect(ended).toMatchObject({ level: 50, worker: first?.worker, signal: 'SIGKILL' });
    expect((await getAlone(`${adminUrl}/health/ready`)).status).toBe(200);
    for (const { status } of await ask(service, ...range(5))) expect(status).toBe(200);
    await expectSample(adminUrl, OK, 15);

    const replacement = (await service.untilLogged('a worker listens', 3))[2]?.worker;
    await ask(service, ...range(5));
    await expectSample(adminUrl, OK, 20);
    expect(pidsOf(await service.untilLogged('operation', 20))).toContain(replacement);
  });
});

describe('a cluster', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes its requests on %s and exits with 0',
    async (signal) => {
      const { restApi, arrived } = await startHoldingRestApi();
      const service = await start(restApi);
      const answers = ask(service, 1, 2);
      const held = await arrived(2);
      service.process.kill(signal);
      await service.untilLogged('stopping');
      release(held);
      for (const { status, text } of await answers) {
        expect(status).toBe(200);
        expect(text).toContain('late@example.com');
      }
      expect(await service.exited).toBe(0);
      await expect(getAlone(service.url)).rejects.toThrow();
    },
  );

  test('ends at once on a second signal, its workers too', async () => {
    const { restApi, arrived } = await startHoldingRestApi();
    const service = await start(restApi);
    const answers = Promise.allSettled([ask(service, 1), ask(service, 2)]);
    const closed = (await arrived(2)).map(closing);
    service.process.kill('SIGTERM');
    await service.untilLogged('stopping');
    service.process.kill('SIGTERM');
    expect(await service.exited).toBe(1);
    await Promise.all(closed);
    for (const { status } of await answers) expect(status).toBe('rejected');
  });

  test('leaves no worker behind where the primary process is killed', async () => {
    const { restApi, arrived } = await startHoldingRestApi();
    const service = await start(restApi);
    const answers = Promise.allSettled([ask(service, 1), ask(service, 2)]);
    const closed = (await arrived(2)).map(closing);
    service.process.kill('SIGKILL');
    await Promise.all(closed);
    for (const { status } of await answers) expect(status).toBe('rejected');
  });

  test.each([
    [
      'a port that is taken',
      'is already in use',
      async () => ({ PORT: new URL((await startRestApi()).url).port }),
    ],
    [
      'an admin port that is taken',
      'is already in use',
      async () => ({ ADMIN_PORT: new URL((await startRestApi()).url).port }),
    ],
    [
      'a manifest that is not there',
      "The manifest /nowhere/manifest.json can't be used",
      async () => ({ PERSISTED_DOCUMENTS: '/nowhere/manifest.json' }),
    ],
  ])('names %s once, and exits with 1', async (_, reason, env) => {
    const service = spawnService({ PORT: '0', WORKERS: '2', ...(await env()) });
    service.child.stdout.resume();
    expect(await service.exited).toBe(1);
    const stderr = await service.stderr;
    expect(stderr.split(reason)).toHaveLength(2);
    expect(stderr).not.toContain(' at ');
  });
});

/** Resolves when the other side gave the connection up. */
function closing(response: ServerResponse): Promise<unknown> {
  return new Promise((resolve) => response.on('close', resolve));
}
