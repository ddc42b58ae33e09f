import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { Trace } from '@apollo/usage-reporting-protobuf';
import { describe, expect, test } from 'vitest';
import { communityId, userId } from '../support/demo.ts';
import { type Layer, startLayer } from '../support/layer.ts';
import { always, startRestApi } from '../support/rest-api.ts';

const query = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on CommunityUser { userId username } }
}`;

const user = (id: unknown) => ({ __typename: 'CommunityUser', communityId, userId: id });

const admin = { userId: userId(), username: 'admin' };

describe('a router may compress what it sends', () => {
  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ])('with %s', async (encoding, compress) => {
    const layer = await startLayer();
    const response = await post(layer, compress(entities([user(userId())])), {
      'content-encoding': encoding,
    });
    expect([response.status, await response.json()]).toEqual([200, { data: { _entities: [admin] } }]);
  });
});

describe('a key may be a number in JSON', () => {
  test.each([0, 42, Number.MAX_SAFE_INTEGER])('%i is asked for as it reads', async (id) => {
    const layer = await startLayer();
    const { data, errors } = await layer.query(query, { variables: { representations: [user(id)] } });
    // The demo community has no such user.
    expect([data, errors]).toEqual([{ _entities: [null] }, undefined]);
    expect(layer.requests).toEqual([`/apis/v1/communities/${communityId}/users/${id}?username`]);
  });

  test('and comes back as a string, as every ID does', async () => {
    const layer = await startLayer();
    const { data } = await layer.query(
      `{ _entities(representations: [{ __typename: "Community", id: 42 }]) { ... on Community { id } } }`,
    );
    expect(data).toEqual({ _entities: [{ id: '42' }] });
  });

  test.each(['9007199254740992', '9007199254740993', '1e300', '1.5', '-9007199254740993'])(
    '%s, which does not say which user is meant, is an error at its place',
    async (number) => {
      const layer = await startLayer();
      const body = entities([user(userId()), user('NUMBER')]).replace('"NUMBER"', number);
      const response = await post(layer, body);
      expect(await response.json()).toMatchObject({
        data: { _entities: [admin, null] },
        errors: [{ path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT', retryable: false } }],
      });
      expect(layer.requests).toHaveLength(1);
    },
  );

  test('one beyond 2^53 - 1 that stands in the document is an error at its place too', async () => {
    const layer = await startLayer();
    const representation = `{ __typename: "CommunityUser", communityId: "${communityId}", userId: 9007199254740993 }`;
    const { data, errors } = await layer.query(
      `{ _entities(representations: [${representation}]) { ... on CommunityUser { userId } } }`,
    );
    expect(data).toEqual({ _entities: [null] });
    expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(layer.requests).toEqual([]);
  });
});

test('an array of operations is refused with a sentence, before any GET', async () => {
  const layer = await startLayer();
  const response = await post(layer, `[${entities([user(userId())])}]`);
  expect([response.status, await response.json()]).toEqual([
    400,
    { errors: [expect.objectContaining({ message: expect.stringMatching(/batch/i) })] },
  ]);
  expect(layer.requests).toEqual([]);
});

test('a media type that the layer does not have is 406, before any GET', async () => {
  const layer = await startLayer();
  const response = await post(layer, entities([user(userId())]), { accept: 'text/plain' });
  expect(response.status).toBe(406);
  expect(layer.requests).toEqual([]);
});

describe('federated tracing', () => {
  const headers = { 'apollo-federation-include-trace': 'ftv1' };

  test('tells a router that asks for it how long the entities took, where it is on', async () => {
    const layer = await startLayer({ env: { FEDERATED_TRACING: 'true' } });
    const { data, extensions } = await layer.query(query, {
      variables: { representations: [user(userId())] },
      headers,
    });
    expect(data).toEqual({ _entities: [admin] });
    const trace = decode(extensions?.ftv1);
    expect(trace.root?.child?.map(({ responseName }) => responseName)).toEqual(['_entities']);
    expect(trace.durationNs).toBeGreaterThan(0);
  });

  test('tells it of the errors too, and nothing of the REST API', async () => {
    const restApi = await startRestApi(always(500, 'a secret of the REST API'));
    const layer = await startLayer({ restApi, env: { FEDERATED_TRACING: 'true', UPSTREAM_ATTEMPTS: '1' } });
    const { extensions } = await layer.query(query, {
      variables: { representations: [user(userId())] },
      headers,
    });
    const trace = JSON.stringify(decode(extensions?.ftv1));
    expect(trace).toContain('"error"');
    expect(trace).not.toContain('secret');
    expect(trace).not.toContain(restApi.url);
  });

  test('says nothing to those who do not ask', async () => {
    const layer = await startLayer({ env: { FEDERATED_TRACING: 'true' } });
    const { extensions } = await layer.query(query, { variables: { representations: [user(userId())] } });
    expect(extensions).toBeUndefined();
  });

  test('says nothing where it is off, as it is by default', async () => {
    const layer = await startLayer();
    const { data, extensions } = await layer.query(query, {
      variables: { representations: [user(userId())] },
      headers,
    });
    expect([data, extensions]).toEqual([{ _entities: [admin] }, undefined]);
  });
});

function entities(representations: readonly unknown[]): string {
  return JSON.stringify({ query, variables: { representations } });
}

function post(
  layer: Layer,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${layer.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer demo-owner', ...headers },
    body,
  });
}

function decode(ftv1: unknown): Trace {
  return Trace.decode(Buffer.from(String(ftv1), 'base64'));
}
