import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { selfSigned } from '../faults/self-signed.ts';
import { findNginx, startNginx } from '../resilience/nginx.ts';
import { communityId, userId } from '../support/demo.ts';
import { freePort } from '../support/free-port.ts';
import { startLayer } from '../support/layer.ts';
import { repository } from './markdown.ts';

const nginx = findNginx();
if (nginx === undefined)
  console.log('Skipped, since nginx is not installed: the configuration of operations.md');

test.skipIf(nginx === undefined)(
  'the nginx configuration of operations.md gives TLS, HTTP/2 and compression to an operation',
  async () => {
    const layer = await startLayer();
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
    const { key, cert } = selfSigned();
    writeFileSync(join(folder, 'graph.example.com.key'), key);
    writeFileSync(join(folder, 'graph.example.com.pem'), cert);
    const documented = readFileSync(join(repository, 'docs/operations.md'), 'utf8');
    const http = (/```nginx\n(.*?)```/s.exec(documented)?.[1] ?? '')
      .replace('127.0.0.1:4000', new URL(layer.url).host)
      .replace('listen 443', `listen 127.0.0.1:${port}`)
      .replaceAll('/etc/ssl', folder);
    const proxy = await startNginx(nginx ?? '', { port, http }, folder);
    onTestFinished(() => proxy.stop());

    const { headers, body } = await post(port, cert, {
      query:
        'query ($c: ID!, $ids: [ID!]!) { communityUsers(communityId: $c, userIds: $ids) { email username } }',
      variables: { c: communityId, ids: Array.from({ length: 40 }, (_, number) => userId(number)) },
    });

    expect(headers).toMatchObject({
      ':status': 200,
      'content-encoding': 'gzip',
      'cache-control': 'no-store',
    });
    expect(JSON.parse(gunzipSync(body).toString()).data.communityUsers).toHaveLength(40);
  },
);

/** Sends an operation over HTTP/2. */
async function post(port: number, ca: string, operation: object) {
  const session = connect(`https://127.0.0.1:${port}`, { ca, checkServerIdentity: () => undefined });
  onTestFinished(() => session.destroy());
  const stream = session.request({
    ':method': 'POST',
    ':path': '/graphql',
    'content-type': 'application/json',
    'accept-encoding': 'gzip',
    authorization: 'Bearer demo-owner',
  });
  stream.end(JSON.stringify(operation));
  const [headers] = await once(stream, 'response');
  return { headers, body: await buffer(stream) };
}
