import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startConnectProxy } from '../../faults/connect-proxy.ts';
import { found, well } from '../../faults/replies.ts';
import { startScriptedApi } from '../../faults/scripted-api.ts';
import { selfSigned } from '../../faults/self-signed.ts';
import { listen } from '../../support/listen.ts';
import { createTestClient } from './upstream-client.ts';

/** A REST API over TLS, with the file of the certificate that nobody but its owner trusts. */
async function startSecureApi() {
  const certificate = selfSigned();
  const urls: string[] = [];
  const server = createServer(certificate, (request, response) => {
    urls.push(request.url ?? '');
    response.setHeader('content-type', 'application/json');
    response.end(found({ name: 'x' }));
  });
  server.on('tlsClientError', () => {});
  const host = `localhost:${await listen(server)}`;
  const folder = mkdtempSync(join(tmpdir(), 'private-ca-'));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const certificateFile = join(folder, 'ca.pem');
  writeFileSync(certificateFile, certificate.cert);
  return { host, url: `https://${host}`, urls, certificateFile };
}

/** What a process of its own gets, since extra certificates are read when a process starts. */
async function askInProcess(env: Readonly<Record<string, string>>): Promise<unknown> {
  const script = new URL('./ask-through-proxy.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env });
  return JSON.parse(stdout);
}

test('an https REST API is reached through a CONNECT tunnel, with a private CA of NODE_EXTRA_CA_CERTS', async () => {
  const api = await startSecureApi();
  const proxy = await startConnectProxy();
  const outcomes = await askInProcess({
    UPSTREAM_URL: api.url,
    HTTPS_PROXY: proxy.url.replace('//', '//user:pass@'),
    NODE_EXTRA_CA_CERTS: api.certificateFile,
  });

  expect(outcomes).toEqual(['found', 'found', 'found', 'found']);
  expect(api.urls).toHaveLength(4);
  // One tunnel a connection, not one a GET; the token is for nobody on the way.
  expect(proxy.heads).toHaveLength(2);
  for (const head of proxy.heads) {
    expect(head).toMatch(new RegExp(`^CONNECT ${api.host} HTTP/1\\.1\r\n`));
    expect(head).toContain(`proxy-authorization: Basic ${btoa('user:pass')}\r\n`);
    expect(head).not.toContain('Bearer');
  }
});

test('a certificate that nobody vouches for is refused through a tunnel too', async () => {
  const api = await startSecureApi();
  const proxy = await startConnectProxy();
  const outcomes = await askInProcess({ UPSTREAM_URL: api.url, HTTPS_PROXY: proxy.url });

  expect(outcomes).toEqual(Array(4).fill('UPSTREAM_UNAVAILABLE'));
  expect(api.urls).toEqual([]);
});

test('what NO_PROXY names is reached without the proxy', async () => {
  const api = await startSecureApi();
  const proxy = await startConnectProxy();
  const outcomes = await askInProcess({
    UPSTREAM_URL: api.url,
    HTTPS_PROXY: proxy.url,
    NO_PROXY: 'localhost',
    NODE_EXTRA_CA_CERTS: api.certificateFile,
  });

  expect(outcomes).toEqual(['found', 'found', 'found', 'found']);
  expect(proxy.heads).toEqual([]);
});

const refusals: Record<string, string> = {
  'wants credentials': 'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n',
  'does not reach the REST API': 'HTTP/1.1 502 Bad Gateway\r\ncontent-length: 4\r\n\r\noops',
  'speaks no HTTP': 'SSH-2.0-x\r\n\r\n',
};

for (const [name, refusal] of Object.entries(refusals)) {
  test(`a proxy that ${name} is an unavailable REST API, asked once for each attempt`, async () => {
    const proxy = await startConnectProxy();
    proxy.refusal = refusal;
    const { ask, client } = createTestClient('https://api.example', { proxy: { httpsProxy: proxy.url } });

    expect(await ask('i')).toBe('UPSTREAM_UNAVAILABLE');
    expect(proxy.heads).toHaveLength(1);
    while (client.status.inFlight > 0) await new Promise(setImmediate);
  });
}

test('a proxy that is not there is an unavailable REST API', async () => {
  const { ask } = createTestClient('https://api.example', { proxy: { httpsProxy: 'http://127.0.0.1:1' } });
  expect(await ask('i')).toBe('UPSTREAM_UNAVAILABLE');
});

test('a proxy that says nothing is cut off with the deadline', async () => {
  const proxy = await startConnectProxy();
  proxy.refusal = '';
  const { ask, client } = createTestClient('https://api.example', {
    timeoutMs: 200,
    proxy: { httpsProxy: proxy.url },
  });

  expect(await ask('i')).toMatch(/^UPSTREAM_(TIMEOUT|UNAVAILABLE)$/);
  while (client.status.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('an http REST API is asked for through the proxy by its whole address, over kept connections', async () => {
  const proxy = await startScriptedApi(well);
  const { ask } = createTestClient('http://api.example:81/base/', {
    connections: 1,
    proxy: { httpProxy: proxy.url.replace('//', '//user:pass@'), noProxy: 'other.example' },
  });

  expect([await ask('i'), await ask('j')]).toEqual(['found', 'found']);
  expect(proxy.openedSockets).toBe(1);
  expect(proxy.requests.map(({ url }) => url)).toEqual([
    'http://api.example:81/base/items/i?name',
    'http://api.example:81/base/items/j?name',
  ]);
  expect(proxy.requests[0]?.headers).toMatchObject({
    host: 'api.example:81',
    authorization: 'Bearer token',
    'proxy-authorization': `Basic ${btoa('user:pass')}`,
  });
});
