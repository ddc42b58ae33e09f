/** Asks the REST API for some items, as the environment says, and prints what became of each. */
import { UpstreamClient } from '#upstream/client.ts';
import { string } from '#upstream/field-decoders.ts';
import { Resource } from '#upstream/resource.ts';

const { UPSTREAM_URL = '', HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy } = process.env;
const resource = new Resource({
  name: 'item',
  path: '/items/{itemId}',
  fields: [{ name: 'name', decoder: string() }],
  existence: 'name',
});
const client = new UpstreamClient(
  {
    url: new URL(UPSTREAM_URL),
    timeoutMs: 30_000,
    maxAttempts: 1,
    connections: 2,
    maxBodyBytes: 10_000,
    connectionMaxAgeMs: 60_000,
    proxy: { httpsProxy, noProxy },
  },
  { attempted() {}, retried() {} },
);

function ask(itemId: string): Promise<string> {
  const key = [itemId];
  const query = { resource, key, path: resource.path(key), fields: resource.existence };
  return new Promise((resolve) => {
    client.fetch(
      query,
      { authorization: 'Bearer t', headers: ['authorization', 'Bearer t'] },
      { fetched: (_query, result) => resolve(result.kind === 'failed' ? result.error.code : result.kind) },
    );
  });
}

const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map(ask));
await client.close();
console.log(JSON.stringify(outcomes));
