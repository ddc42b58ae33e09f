import dns from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readRequests } from '../../faults/read-requests.ts';
import { found, http, inTurn, silence, well } from '../../faults/replies.ts';
import { startScriptedApi } from '../../faults/scripted-api.ts';
import { createTestClient } from './upstream-client.ts';

async function idle(client: { readonly status: { readonly inFlight: number } }): Promise<void> {
  do await new Promise(setImmediate);
  while (client.status.inFlight > 0);
}

test('a connection is used again until it has its greatest age, and then closed', async () => {
  const api = await startScriptedApi(well);
  const { ask, client } = createTestClient(api.url, { connectionMaxAgeMs: 150 });
  const started = performance.now();
  let asked = 0;
  // It would go on for ever with connections that are used once, or for ever.
  while (api.openedSockets < 3 || asked <= 3) {
    expect(await ask(`i${asked++}`)).toBe('found');
    await idle(client);
  }

  // Node's timers may be a millisecond early.
  expect(performance.now() - started).toBeGreaterThan(2 * 150 - 10);
  await api.until(() => api.sockets.size === 1);
});

test('a connection that comes to its greatest age with a GET in flight is closed after the response', async () => {
  const api = await startScriptedApi(inTurn(silence, well));
  const { get, ask, client } = createTestClient(api.url, { connectionMaxAgeMs: 50 });
  const slow = get('slow');
  await api.until(() => api.requests.length === 1);
  const started = performance.now();
  while (performance.now() - started < 100) await new Promise(setImmediate);
  expect(api.sockets.size).toBe(1);
  for (const request of api.requests) well(request);

  expect((await slow.settled).result.kind).toBe('found');
  await api.until(() => api.sockets.size === 0);
  await idle(client);
  expect(await ask('next')).toBe('found');
  expect(api.openedSockets).toBe(2);
});

/** A REST API at one address that says which address it is. */
async function listen(address: string, port: number): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    readRequests(socket, () => void socket.write(http(200, found({ name: address }))));
  });
  server.listen(port, address);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

test('a change of address is seen within the greatest age, however busy the connections are kept', async () => {
  const port = await listen('127.0.0.1', 0);
  await listen('127.0.0.2', port);
  let address = '127.0.0.1';
  const lookup = vi.spyOn(dns, 'lookup').mockImplementation((...args: unknown[]) => {
    const callback = args.at(-1);
    if (typeof callback === 'function') process.nextTick(callback, null, [{ address, family: 4 }]);
  });
  onTestFinished(() => lookup.mockRestore());
  const { get } = createTestClient(`http://api.example:${port}`, { connectionMaxAgeMs: 60, connections: 4 });
  const askSome = async () => {
    const all = await Promise.all(Array.from({ length: 8 }, (_, index) => get(`i${index}`).settled));
    return new Set(all.map(({ result }) => (result.kind === 'found' ? result.values[0] : result.kind)));
  };
  expect(await askSome()).toEqual(new Set(['127.0.0.1']));

  address = '127.0.0.2';
  const changed = performance.now();
  let seen = await askSome();
  while (performance.now() - changed < 120 || seen.has('127.0.0.1')) {
    // It would go on for ever with connections that are never given up.
    expect(performance.now() - changed).toBeLessThan(100_000);
    seen = await askSome();
  }
  expect(seen).toEqual(new Set(['127.0.0.2']));
});
