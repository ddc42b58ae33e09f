import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { startLayer } from '../support/layer.ts';
import { listen } from '../support/listen.ts';
import { dataOf, expectDiscreet, token } from './ask.ts';
import { found } from './replies.ts';
import { selfSigned } from './self-signed.ts';

/** Asks for one user over a REST API at this address, and expects the answer that nobody can be had there. */
async function expectUnavailable(url: string): Promise<void> {
  const layer = await startLayer({ restApi: { url, requests: [], stop: async () => {} } });
  const answer = await layer.query('{ communityUser(communityId: "c1", userId: "u1") { _id } }', { token });

  expect(answer.status).toBe(200);
  expect(dataOf(answer)).toEqual({ communityUser: null });
  expect(answer.errors).toHaveLength(1);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
  expectDiscreet(answer, url);
  expect(JSON.stringify(answer)).not.toMatch(/ECONN|ENOTFOUND|EAI_AGAIN|certificate|SSL|nowhere/i);
}

test('a refused connection is UPSTREAM_UNAVAILABLE', async () => {
  await expectUnavailable(`http://127.0.0.1:${await freePort()}`);
});

test('a name that does not resolve is UPSTREAM_UNAVAILABLE', async () => {
  await expectUnavailable('http://nowhere.invalid');
});

test('a certificate that nobody vouches for is UPSTREAM_UNAVAILABLE, and no request is sent', async () => {
  let requests = 0;
  const server = createHttpsServer(selfSigned(), (_request, response) => {
    requests++;
    response.setHeader('content-type', 'application/json');
    response.end(found({ _id: 'u1' }));
  });
  server.on('tlsClientError', () => {});
  const url = await addressOf(server);

  await expectUnavailable(`https://${url}`);
  expect(requests).toBe(0);
});

test('a server that speaks no TLS is UPSTREAM_UNAVAILABLE over https', async () => {
  let received = '';
  const server = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        received += chunk.toString('latin1');
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
  });

  await expectUnavailable(`https://${await addressOf(server)}`);
  expect(received).not.toContain(token);
});

test('it serves again as soon as the REST API is back', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const layer = await startLayer({ restApi: { url, requests: [], stop: async () => {} } });
  const ask = () => layer.query('{ communityUser(communityId: "c1", userId: "u1") { _id } }');
  expect(dataOf(await ask())).toEqual({ communityUser: null });

  const back = createServer((socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${found({ _id: 'u1' })}`));
  back.listen(port, '127.0.0.1');
  await once(back, 'listening');
  onTestFinished(() => void back.close());

  expect(dataOf(await ask())).toEqual({ communityUser: { _id: 'u1' } });
});

/** Lets a server listen until the end of the test; gives its address. */
async function addressOf(server: Server): Promise<string> {
  onTestFinished(() => void server.close());
  return `127.0.0.1:${await listen(server)}`;
}
