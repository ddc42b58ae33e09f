import { Agent, get } from 'node:http';
import { describe, expect, test } from 'vitest';
import { communityId, userId } from '../support/demo.ts';
import { envelope, sendJson, startRestApi } from '../support/rest-api.ts';
import { startTestService } from '../support/test-service.ts';
import { startLoggedLayer } from './logged-layer.ts';

const PATHS = ['/health/live', '/health/ready', '/metrics'];

async function statusOf(url: string): Promise<number> {
  return (await fetch(url)).status;
}

describe('health', () => {
  test('is told beside GraphQL where there is no port of its own for it', async () => {
    const layer = await startLoggedLayer();
    expect(layer.adminUrl).toBe(layer.url);
    for (const path of PATHS) expect(await statusOf(layer.url + path)).toBe(200);
    const { headers } = await fetch(`${layer.url}/metrics`);
    expect(headers.get('content-type')).toContain('text/plain; version=0.0.4');
  });

  test('is told on ADMIN_PORT alone where it is set', async () => {
    const layer = await startLoggedLayer({ env: { ADMIN_PORT: '0' } });
    expect(layer.adminUrl).not.toBe(layer.url);
    for (const path of PATHS) {
      expect(await statusOf(layer.adminUrl + path)).toBe(200);
      expect(await statusOf(layer.url + path)).toBe(404);
    }
    expect(await statusOf(`${layer.adminUrl}/graphql?query={__typename}`)).toBe(404);
    expect(await statusOf(`${layer.adminUrl}/graphiql`)).toBe(404);
  });

  test('is no operation: it is neither logged nor counted', async () => {
    const layer = await startLoggedLayer();
    for (const path of PATHS) await statusOf(layer.url + path);
    expect(layer.lines).toEqual([]);
  });

  test('is not ready but alive while requests in flight are finished, and they are', async () => {
    const asked = Promise.withResolvers<() => void>();
    const restApi = await startRestApi((_request, response) =>
      asked.resolve(() => sendJson(response, 200, envelope({ email: 'late@example.com' }))),
    );
    const layer = await startLoggedLayer({ restApi, env: { ADMIN_PORT: '0' } });
    const query = `{ communityUser(communityId: "${communityId}", userId: "${userId()}") { email } }`;
    const answer = layer.query({ query });
    const release = await asked.promise;
    expect(await statusOf(`${layer.adminUrl}/health/ready`)).toBe(200);

    const stopped = layer.stop();
    expect(await statusOf(`${layer.adminUrl}/health/ready`)).toBe(503);
    expect(await statusOf(`${layer.adminUrl}/health/live`)).toBe(200);
    release();
    expect(await answer).toMatchObject({ status: 200, text: expect.stringContaining('late@example.com') });
    await stopped;
    await expect(fetch(layer.adminUrl)).rejects.toThrow();
    await expect(fetch(layer.url)).rejects.toThrow();
  });

  test('does not keep the process from stopping while somebody holds a connection open', async () => {
    const restApi = await startRestApi();
    const service = await startTestService({ UPSTREAM_URL: restApi.url, ADMIN_PORT: '0' });
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      get(`${service.url}/graphql?query={__typename}`, { agent }, (response) => {
        response.resume().on('end', resolve);
      }).on('error', reject);
    });
    expect(await service.stop()).toBe(0);
    agent.destroy();
  });
});
