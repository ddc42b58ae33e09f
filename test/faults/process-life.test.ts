import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startLayer } from '../support/layer.ts';
import { startTestService } from '../support/test-service.ts';
import { silence, well } from './replies.ts';
import { startScriptedApi } from './scripted-api.ts';

const body = JSON.stringify({ query: '{ communityUser(communityId: "c1", userId: "u1") { _id } }' });
const headers = { 'content-type': 'application/json', authorization: 'Bearer token' };

const ask = (url: string) => fetch(`${url}/graphql`, { method: 'POST', headers, body });

test('SIGTERM: the request in flight is finished, new connections are refused, and it exits with 0', async () => {
  const api = await startScriptedApi(silence);
  const service = await startTestService({ UPSTREAM_URL: api.url, UPSTREAM_TIMEOUT_MS: '60000' });
  const inFlight = ask(service.url);
  await api.until(() => api.requests.length === 1);

  service.signal('SIGTERM');
  await service.hasWritten('"msg":"stopping"');
  await untilRefused(service.url);
  for (const asked of api.requests) well(asked);

  const answer = await inFlight;
  expect(answer.headers.get('connection')).toBe('close');
  expect(await answer.json()).toEqual({ data: { communityUser: { _id: 'u1' } } });
  expect(await service.exited).toBe(0);
  expect(service.written).toContain('"msg":"stopped"');
  await api.until(() => api.sockets.size === 0);
});

test('a second signal ends it at once', async () => {
  const api = await startScriptedApi(silence);
  const service = await startTestService({ UPSTREAM_URL: api.url, UPSTREAM_TIMEOUT_MS: '60000' });
  const inFlight = ask(service.url).catch(() => 'cut off');
  await api.until(() => api.requests.length === 1);

  service.signal('SIGTERM');
  await service.hasWritten('"msg":"stopping"');
  service.signal('SIGINT');
  expect(await service.exited).toBe(1);
  expect(await inFlight).toBe('cut off');
});

test('an unhandled rejection is logged, and the service goes on', async () => {
  const mishap =
    'data:text/javascript,process.on("SIGUSR2", () => void Promise.reject(new Error("a mishap")))';
  const service = await startTestService({}, ['--import', mishap]);

  service.signal('SIGUSR2');
  await service.hasWritten('"msg":"unhandled rejection"');
  expect(service.written).toContain('a mishap');
  expect((await ask(service.url)).status).toBe(200);
});

test('an exception that nobody catches is logged, and ends it with 1', async () => {
  const mishap = 'data:text/javascript,process.on("SIGUSR2", () => { throw new Error("a disaster") })';
  const service = await startTestService({}, ['--import', mishap]);

  service.signal('SIGUSR2');
  expect(await service.exited).toBe(1);
  expect(service.written).toContain('"msg":"the process ends"');
  expect(service.written).toContain('a disaster');
});

test('a request over an idle connection is answered while stopping, and told that it was the last', async () => {
  const api = await startScriptedApi(well);
  const layer = await startLayer({
    restApi: api,
    start: { drainTimes: { idleMs: 60_000, limitMs: 60_000 } },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());

  expect(await askOver(agent, layer.url)).toMatchObject({ status: 200, connection: 'keep-alive' });
  const stopped = layer.stop();
  await untilRefused(layer.url);
  expect(await askOver(agent, layer.url)).toMatchObject({
    status: 200,
    connection: 'close',
    body: { data: { communityUser: { _id: 'u1' } } },
  });
  await stopped;
});

test('connections that stay idle do not keep it from stopping', async () => {
  const api = await startScriptedApi(well);
  const layer = await startLayer({ restApi: api, start: { drainTimes: { idleMs: 10, limitMs: 60_000 } } });
  await ask(layer.url);

  await layer.stop();
  await api.until(() => api.sockets.size === 0);
});

test('requests that take too long are cut off, and their GETs given up', async () => {
  const api = await startScriptedApi(silence);
  const layer = await startLayer({
    restApi: api,
    env: { UPSTREAM_TIMEOUT_MS: '60000' },
    start: { drainTimes: { idleMs: 0, limitMs: 50 } },
  });
  const inFlight = ask(layer.url).catch(() => 'cut off');
  await api.until(() => api.requests.length === 1);

  await layer.stop();
  expect(await inFlight).toBe('cut off');
  await api.until(() => api.sockets.size === 0);
});

/** Asks over a connection of this agent's. */
function askOver(
  agent: Agent,
  url: string,
): Promise<{ status?: number; connection?: string; body: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/graphql`, { method: 'POST', headers, agent }, async (response) => {
      const { statusCode = 0, headers } = response;
      resolve({ status: statusCode, connection: headers.connection ?? '', body: await json(response) });
    });
    sent.on('error', reject).end(body);
  });
}

/** Connects, each time anew, until nobody listens any more. */
async function untilRefused(url: string): Promise<void> {
  const agent = new Agent({ keepAlive: false });
  for (;;) {
    const refused = await new Promise<boolean>((resolve) => {
      request(`${url}/health/live`, { agent }, (response) =>
        response.resume().on('end', () => resolve(false)),
      )
        .on('error', (error) => resolve('code' in error && error.code === 'ECONNREFUSED'))
        .end();
    });
    if (refused) return;
  }
}
