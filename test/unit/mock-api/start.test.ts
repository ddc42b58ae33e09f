import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { exampleUser } from '#mock-api/data.ts';
import { type MockApi, type MockApiOptions, type MockApiRequest, startMockApi } from '#mock-api/start.ts';
import { send, userPath } from './send.ts';

const examplePath = userPath('61100af5c548eb5c7ebc0001', exampleUser._id);
const running: MockApi[] = [];
afterEach(() => Promise.all(running.splice(0).map((mockApi) => mockApi.stop())));

describe('startMockApi', () => {
  test('listens on a free port of 127.0.0.1, each time on another', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect(one.url).not.toBe(other.url);
    expect(await send(one.url, examplePath, { token: 'demo-owner' })).toMatchObject({ statusCode: 200 });
  });

  test('rejects when the port is taken', async () => {
    const { url } = await start();
    await expect(start({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('reports every request, refused ones too, with the URL exactly as it came', async () => {
    const requests: MockApiRequest[] = [];
    const { url } = await start({ onRequest: (request) => requests.push(request) });
    await send(url, `${examplePath}?_id&email`, { token: 'demo-owner' });
    await send(url, '/a/../%zz?b=%2f', { method: 'DELETE' });
    expect(requests).toMatchObject([
      { method: 'GET', url: `${examplePath}?_id&email`, headers: { authorization: 'Bearer demo-owner' } },
      { method: 'DELETE', url: '/a/../%zz?b=%2f', headers: { host: new URL(url).host } },
    ]);
  });

  test('answers many requests on one connection', async () => {
    const { url } = await start();
    const socket = await open(url);
    for (let round = 0; round < 3; round++) expect(await exchange(socket, getExample)).toContain('401');
    socket.destroy();
  });
});

describe('stop', () => {
  test('closes connections in every state', async () => {
    const mockApi = await start();
    const [silent, idle, active] = await Promise.all([0, 1, 2].map(() => open(mockApi.url)));
    if (!silent || !idle || !active) throw new Error('three connections were opened');
    await exchange(idle, getExample);
    await exchange(active, `POST ${examplePath} HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf`);
    const closed = Promise.all([silent, idle, active].map((socket) => once(socket, 'close')));
    await mockApi.stop();
    await closed;
  });

  test('leaves nobody listening', async () => {
    const mockApi = await start();
    await mockApi.stop();
    await expect(send(mockApi.url, examplePath)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('may be called again, during and after', async () => {
    const mockApi = await start();
    await Promise.all([mockApi.stop(), mockApi.stop()]);
    await mockApi.stop();
  });
});

const getExample = `GET ${examplePath} HTTP/1.1\r\nhost: a\r\n\r\n`;

async function start(options?: MockApiOptions): Promise<MockApi> {
  const mockApi = await startMockApi(options);
  running.push(mockApi);
  return mockApi;
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // A reset is one of the ways of being closed.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function exchange(socket: Socket, text: string): Promise<string> {
  const answer = once(socket, 'data');
  socket.write(text);
  return String(await answer);
}
