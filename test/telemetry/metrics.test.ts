import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { communityId, userId } from '../support/demo.ts';
import { envelope, type RestApi, sendJson, startRestApi } from '../support/rest-api.ts';
import { type LoggedLayer, startLoggedLayer } from './logged-layer.ts';

const query = `query ($ids: [ID!]!) { communityUsers(communityId: "${communityId}", userIds: $ids) { email } }`;

/** Every sample of `/metrics` by its name and labels, as they stand there. */
async function samples({ adminUrl }: Pick<LoggedLayer, 'adminUrl'>): Promise<Map<string, number>> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))] as const;
    }),
  );
}

function ask(layer: LoggedLayer, ...users: number[]) {
  return layer.query({ query, variables: { ids: users.map(userId) } });
}

/** Answers 503 to the first GET of user 1, 404 to user 2, nothing to user 3, and an email to all others. */
async function startMixedRestApi(): Promise<RestApi> {
  let isFirst = true;
  return await startRestApi(({ url }, response) => {
    if (url.includes(userId(2))) return sendJson(response, 404, {});
    if (url.includes(userId(3))) return response.destroy();
    if (url.includes(userId(1)) && isFirst) {
      isFirst = false;
      return sendJson(response, 503, {});
    }
    sendJson(response, 200, envelope({ email: 'a@example.com' }));
  });
}

describe('the metrics', () => {
  test('count operations by outcome, users, GETs, retries, and attempts by status', async () => {
    const layer = await startLoggedLayer({
      restApi: await startMixedRestApi(),
      env: { UPSTREAM_ATTEMPTS: '2' },
    });
    await ask(layer, 1, 2, 4, 4);
    await ask(layer, 3);
    await layer.query({ query: '{ nothing }' });
    const metrics = await samples(layer);
    const count = (outcome: string) =>
      metrics.get(`graphql_operation_duration_seconds_count{outcome="${outcome}"}`);
    expect(['ok', 'partial', 'failed', 'refused', 'cancelled', 'overloaded'].map(count)).toEqual([
      1, 1, 0, 1, 0, 0,
    ]);
    expect(metrics.get('graphql_items_requested_total{resource="communityUser"}')).toBe(4);
    expect(metrics.get('upstream_gets_total{resource="communityUser"}')).toBe(4);
    expect(metrics.get('upstream_gets_shared_total{resource="communityUser"}')).toBe(0);
    expect(metrics.get('upstream_retries_total{resource="communityUser"}')).toBe(2);
    const attempts = (status: string) =>
      metrics.get(`upstream_attempt_duration_seconds_count{resource="communityUser",status="${status}"}`);
    expect(['200', '404', '503', 'none'].map(attempts)).toEqual([2, 1, 1, 2]);
    expect(metrics.get('upstream_breaker_open')).toBe(0);
    expect(metrics.get('upstream_connections')).toBeGreaterThan(0);
    expect(metrics.get('upstream_gets_in_flight')).toBe(0);
    expect(metrics.get('upstream_gets_waiting')).toBe(0);
    expect(metrics.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(metrics.get('process_resident_memory_bytes')).toBeGreaterThan(0);
  });

  test('show what is under way at the moment, and what waits for a connection', async () => {
    const arrived = Promise.withResolvers<void>();
    const held: (() => void)[] = [];
    const restApi = await startRestApi((_request, response) => {
      held.push(() => sendJson(response, 200, envelope({ email: null })));
      arrived.resolve();
      if (held.length > 1) held.at(-1)?.();
    });
    const layer = await startLoggedLayer({ restApi, env: { UPSTREAM_CONNECTIONS: '1' } });
    const answer = ask(layer, 1, 2, 3);
    await arrived.promise;
    const metrics = await samples(layer);
    expect(metrics.get('upstream_connections')).toBe(1);
    expect(metrics.get('upstream_gets_in_flight')).toBe(1);
    expect(metrics.get('upstream_gets_waiting')).toBe(2);
    held[0]?.();
    await answer;
  });

  test('show an open circuit breaker', async () => {
    const restApi = await startRestApi((_request, response) => sendJson(response, 500, {}));
    const layer = await startLoggedLayer({ restApi, env: { UPSTREAM_ATTEMPTS: '1' } });
    await ask(layer, ...Array.from({ length: 30 }, (_, number) => number));
    expect((await samples(layer)).get('upstream_breaker_open')).toBe(1);
  });

  test('have no label that a caller or the REST API could fill', async () => {
    const layer = await startLoggedLayer({ restApi: await startMixedRestApi() });
    await layer.query({ query: `query MyName { __typename }` }, { 'x-request-id': 'MyId' });
    await ask(layer, 1, 4);
    const labels = [...(await samples(layer)).keys()].flatMap((name) => name.match(/\w+(?==")/g) ?? []);
    const ours = ['outcome', 'resource', 'status', 'le'];
    const ofTheProcess = ['kind', 'space', 'type', 'version', 'major', 'minor', 'patch'];
    const known = new Set([...ours, ...ofTheProcess]);
    expect(labels.filter((label) => !known.has(label))).toEqual([]);
    expect(labels).toEqual(expect.arrayContaining(ours));
  });

  test('are all that the Grafana dashboard asks for', async () => {
    const file = new URL('../../deploy/grafana-dashboard.json', import.meta.url);
    const asked =
      readFileSync(file, 'utf8').match(/\b(?:graphql|upstream|log|process|nodejs)_[a-z0-9_]+/g) ?? [];
    expect(asked.length).toBeGreaterThan(20);
    const layer = await startLoggedLayer();
    await ask(layer, 1);
    const names = new Set([...(await samples(layer)).keys()].map((name) => name.replace(/\{.*/, '')));
    expect([...new Set(asked)].filter((name) => !names.has(name) && !isCollected(name))).toEqual([]);
  });
});

/** Of garbage collection there are no samples before some garbage was collected. */
function isCollected(name: string): boolean {
  return name.startsWith('nodejs_gc_duration_seconds');
}
