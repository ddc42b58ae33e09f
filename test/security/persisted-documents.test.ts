import { getIntrospectionQuery } from 'graphql';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { example } from '#http/explorers/example.ts';
import { communityId, userId } from '../support/demo.ts';
import { type Answer, type Layer, startLayer } from '../support/layer.ts';
import { hashOf, idOf, manifestOf, writeManifest } from './manifest.ts';

const trusted = `query Profile($userId: ID!) { communityUser(communityId: "${communityId}", userId: $userId) { username } }`;
const unknown = trusted.replace('Profile', 'Other');
const variables = { userId: userId() };

interface Params {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

/** Apollo Client's way to say it. */
const persisted = (sha256Hash: unknown, version: unknown = 1) => ({
  persistedQuery: { version, sha256Hash },
});

const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer demo-owner' };

async function post(layer: Layer, params: Params): Promise<Answer> {
  const body = JSON.stringify({ variables, ...params });
  const response = await fetch(`${layer.url}/graphql`, { method: 'POST', headers: HEADERS, body });
  return { status: response.status, headers: response.headers, ...JSON.parse(await response.text()) };
}

async function get(layer: Layer, params: Params): Promise<Answer> {
  const search = new URLSearchParams({ variables: JSON.stringify(variables) });
  for (const [name, value] of Object.entries(params)) {
    search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const response = await fetch(`${layer.url}/graphql?${search}`, { headers: HEADERS });
  return { status: response.status, headers: response.headers, ...JSON.parse(await response.text()) };
}

type Mode = 'allow' | 'log' | 'require';

async function start(mode: Mode, ...texts: string[]): Promise<Layer> {
  return startWith(await manifestOf(trusted, ...texts), mode);
}

function startWith(manifest: string, mode: Mode, env: Readonly<Record<string, string>> = {}): Promise<Layer> {
  return startLayer({ env: { PERSISTED_DOCUMENTS: manifest, PERSISTED_DOCUMENTS_MODE: mode, ...env } });
}

function expectRefusal(layer: Layer, answer: Answer, status: number, code: string): void {
  expect(answer).toMatchObject({
    status,
    errors: [
      { message: expect.any(String), extensions: { code, retryable: false, requestId: expect.any(String) } },
    ],
  });
  expect(answer).not.toHaveProperty('data');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(layer.requests).toEqual([]);
}

const found = { status: 200, data: { communityUser: { username: 'admin' } } };

describe.each(['allow', 'log', 'require'] as const)('in mode %s, a trusted document', (mode) => {
  const ways: [string, Params][] = [
    ['its text', { query: trusted }],
    ['a documentId', { documentId: hashOf(trusted) }],
    ['a documentId with a prefix', { documentId: idOf(trusted) }],
    ['a persisted query', { extensions: persisted(hashOf(trusted)) }],
    [
      'a persisted query with a prefix, as client-preset makes of it',
      { extensions: persisted(idOf(trusted)) },
    ],
    [
      'a persisted query without a version',
      { extensions: { persistedQuery: { sha256Hash: hashOf(trusted) } } },
    ],
    ['a persisted query and its text', { query: trusted, extensions: persisted(hashOf(trusted)) }],
    ['a documentId and its text', { query: trusted, documentId: hashOf(trusted) }],
    ['both ids', { documentId: idOf(trusted), extensions: persisted(hashOf(trusted)) }],
    ['an id and an operation name', { documentId: hashOf(trusted), operationName: 'Profile' }],
    [
      'an id, other extensions, and an empty text',
      { query: '', extensions: { ...persisted(hashOf(trusted)), other: 1 } },
    ],
  ];

  test.each(ways)('is executed by POST: %s', async (_, params) => {
    expect(await post(await start(mode), params)).toMatchObject(found);
  });

  test.each(ways)('is executed by GET: %s', async (_, params) => {
    expect(await get(await start(mode), params)).toMatchObject(found);
  });
});

describe('in mode allow', () => {
  test('other documents are executed too', async () => {
    const layer = await start('allow');
    expect(await post(layer, { query: unknown })).toMatchObject(found);
    expect(await get(layer, { query: unknown })).toMatchObject(found);
  });
});

describe('in mode log', () => {
  /** Starts the layer with a log to read. */
  async function startLogging(): Promise<{ layer: Layer; lines: () => Record<string, unknown>[] }> {
    const written: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line) => void written.push(line) });
    const env = { PERSISTED_DOCUMENTS: await manifestOf(trusted), PERSISTED_DOCUMENTS_MODE: 'log' };
    const layer = await startLayer({ env, start: { logger } });
    return { layer, lines: () => written.map((line): Record<string, unknown> => JSON.parse(line)) };
  }

  const untrusted = async (layer: Layer): Promise<string | undefined> => {
    const text = await (await fetch(`${layer.url}/metrics`)).text();
    return /^graphql_untrusted_documents_total (\d+)$/m.exec(text)?.[1];
  };

  test('other documents are executed, noted by the name of the operation, and counted', async () => {
    const { layer, lines } = await startLogging();
    expect(await post(layer, { query: unknown })).toMatchObject(found);
    expect(await get(layer, { query: unknown, operationName: 'Other' })).toMatchObject(found);
    const note = {
      msg: 'untrusted document',
      operation: 'Other',
      sha256: hashOf(unknown),
      requestId: expect.any(String),
    };
    expect(lines()).toEqual([expect.objectContaining(note), expect.objectContaining(note)]);
    expect(await untrusted(layer)).toBe('2');
  });

  test('so is one that is not valid', async () => {
    const { layer, lines } = await startLogging();
    await post(layer, { query: '{', operationName: 'x'.repeat(1000) });
    expect(lines()).toEqual([expect.objectContaining({ operation: 'x'.repeat(100), sha256: hashOf('{') })]);
  });

  test('trusted ones are not', async () => {
    const { layer, lines } = await startLogging();
    await post(layer, { query: trusted });
    await post(layer, { documentId: hashOf(trusted) });
    expect(lines()).toEqual([]);
    expect(await untrusted(layer)).toBe('0');
  });
});

describe('in mode require', () => {
  test.each<[string, Params]>([
    ['text', { query: unknown }],
    ['text with its own id', { query: unknown, extensions: persisted(hashOf(unknown)) }],
    ['a documentId', { documentId: hashOf(unknown) }],
    ['a persisted query', { extensions: persisted(hashOf(unknown)) }],
    ['a text that differs by a space', { query: `${trusted} ` }],
    ['a text beside introspection', { query: '{ __typename _service { sdl } }' }],
    ['a document that does not even parse', { query: '{' }],
    ['the id of nothing', { documentId: '__proto__' }],
    ['the schema for a router', { query: '{ _service { sdl } }' }],
  ])('anything else is refused, unread and not executed: %s', async (_, params) => {
    const layer = await start('require');
    expectRefusal(layer, await post(layer, params), 400, 'PERSISTED_DOCUMENT_REQUIRED');
    expectRefusal(layer, await get(layer, params), 400, 'PERSISTED_DOCUMENT_REQUIRED');
  });

  test('the status is 400 with the newer media type too', async () => {
    const layer = await start('require');
    const headers = { accept: 'application/graphql-response+json' };
    const answer = await layer.query(unknown, { variables, headers });
    expectRefusal(layer, answer, 400, 'PERSISTED_DOCUMENT_REQUIRED');
    expect(answer.headers.get('content-type')).toContain('application/graphql-response+json');
  });

  const exploring: [string, Params][] = [
    ['the introspection of an explorer', { query: getIntrospectionQuery() }],
    ['an introspection of a type', { query: '{ __typename __type(name: "Query") { name } }' }],
    ['the example of the explorers', { query: example.query }],
    ['the example on one line, as a shell has it', { query: example.query.replaceAll(/\s+/g, ' ') }],
  ];

  test.each(exploring)('what explorers send is executed outside of production: %s', async (_, params) => {
    const layer = await start('require');
    const answer = await post(layer, { ...params, variables: example.variables });
    expect(answer).toMatchObject({ status: 200, data: expect.anything() });
    expect(answer).not.toHaveProperty('errors');
  });

  test.each(exploring)('and in production it is not: %s', async (_, params) => {
    const layer = await startWith(await manifestOf(trusted), 'require', { NODE_ENV: 'production' });
    const answer = await post(layer, { ...params, variables: example.variables });
    expectRefusal(layer, answer, 400, 'PERSISTED_DOCUMENT_REQUIRED');
  });

  test.each<[string, (layer: Layer) => Promise<Response>]>([
    [
      'an array',
      (layer) =>
        fetch(`${layer.url}/graphql`, {
          method: 'POST',
          headers: HEADERS,
          body: `[${JSON.stringify({ query: unknown })}]`,
        }),
    ],
    [
      'two texts in a URL',
      (layer) =>
        fetch(
          `${layer.url}/graphql?${new URLSearchParams([
            ['query', trusted],
            ['query', unknown],
          ])}`,
          { headers: HEADERS },
        ),
    ],
    [
      'a text in the URL of a POST',
      (layer) =>
        fetch(`${layer.url}/graphql?${new URLSearchParams({ query: unknown })}`, {
          method: 'POST',
          headers: HEADERS,
          body: '{"query":""}',
        }),
    ],
  ])('there is no way around it: %s', async (_, send) => {
    const layer = await start('require');
    const response = await send(layer);
    expect(response.status).toBe(400);
    expect(await response.json()).not.toHaveProperty('data');
    expect(layer.requests).toEqual([]);
  });

  test('a GET that any page can send is refused, be its document trusted', async () => {
    const layer = await start('require');
    const search = new URLSearchParams({ documentId: hashOf(trusted) });
    const response = await fetch(`${layer.url}/graphql?${search}`);
    expect(response.status).toBe(400);
    expect(await response.json()).not.toHaveProperty('data');
  });
});

describe.each(['allow', 'log'] as const)('in mode %s, an id that nobody registered', (mode) => {
  test('makes a client of Apollo\u2019s protocol send the text', async () => {
    const layer = await start(mode);
    const answer = await post(layer, { extensions: persisted(hashOf(unknown)) });
    expectRefusal(layer, answer, 200, 'PERSISTED_QUERY_NOT_FOUND');
    expect(answer.errors?.[0]?.message).toBe('PersistedQueryNotFound');
    expect(await post(layer, { query: unknown, extensions: persisted(hashOf(unknown)) })).toMatchObject(
      found,
    );
  });

  test('is not registered by sending the text along', async () => {
    const layer = await start(mode);
    await post(layer, { query: unknown, extensions: persisted(hashOf(unknown)) });
    const answer = await post(layer, { extensions: persisted(hashOf(unknown)) });
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
  });

  test.each([hashOf(unknown), idOf(unknown), 'Profile', 'md5:abc', '__proto__'])(
    'is refused: documentId %j',
    async (documentId) => {
      const layer = await start(mode);
      expectRefusal(layer, await post(layer, { documentId }), 400, 'PERSISTED_QUERY_NOT_FOUND');
      expectRefusal(layer, await get(layer, { documentId }), 400, 'PERSISTED_QUERY_NOT_FOUND');
    },
  );
});

describe.each(['allow', 'log', 'require'] as const)('in mode %s, a request is refused', (mode) => {
  test.each<[string, Params]>([
    ['whose id is not that of its text', { query: unknown, extensions: persisted(hashOf(trusted)) }],
    ['whose documentId stands for another text', { query: unknown, documentId: hashOf(trusted) }],
    ['with an empty documentId and nothing else', { documentId: '' }],
    ['with two different ids', { documentId: hashOf(unknown), extensions: persisted(hashOf(trusted)) }],
    ['of another version', { extensions: persisted(hashOf(trusted), 2) }],
    ['without a hash', { extensions: persisted(undefined) }],
    ['with a hash that is no text', { extensions: persisted([hashOf(trusted)]) }],
    ['with a persisted query that is none', { query: trusted, extensions: { persistedQuery: true } }],
  ])('%s', async (_, params) => {
    const layer = await start(mode);
    expectRefusal(layer, await post(layer, params), 400, 'BAD_REQUEST');
    expectRefusal(layer, await get(layer, params), 400, 'BAD_REQUEST');
  });

  test('with a documentId that is no text', async () => {
    const layer = await start(mode);
    expectRefusal(layer, await post(layer, { documentId: 1 }), 400, 'BAD_REQUEST');
  });

  test('that says nothing of a document', async () => {
    const layer = await start(mode);
    expectRefusal(layer, await post(layer, {}), 400, 'BAD_REQUEST');
    expectRefusal(layer, await get(layer, { extensions: {} }), 400, 'BAD_REQUEST');
  });
});

/** Ids that are no hashes, as a build may number its documents. */
const numbered = {
  'client-preset': { 'profile-1': trusted },
  'Apollo Client': {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: 'profile-1', name: 'Profile', type: 'query', body: trusted }],
  },
};

describe.each(Object.entries(numbered))('in a manifest as %s has it, with ids of its own', (_, manifest) => {
  test.each<[string, Params]>([
    ['documentId', { documentId: 'profile-1' }],
    ['persisted query', { extensions: persisted('profile-1') }],
    ['persisted query and text', { query: trusted, extensions: persisted('profile-1') }],
    ['text', { query: trusted }],
    ['text, with an id that nobody registered', { query: trusted, documentId: 'profile-2' }],
  ])('a document is found by its %s', async (_way, params) => {
    const layer = await startWith(await writeManifest(JSON.stringify(manifest)), 'require');
    expect(await post(layer, params)).toMatchObject(found);
    expect(await get(layer, params)).toMatchObject(found);
  });

  test('and by nothing else', async () => {
    const layer = await startWith(await writeManifest(JSON.stringify(manifest)), 'require');
    for (const params of [{ documentId: hashOf(trusted) }, { query: unknown }, { documentId: 'format' }]) {
      expectRefusal(layer, await post(layer, params), 400, 'PERSISTED_DOCUMENT_REQUIRED');
    }
  });
});

describe('without a manifest', () => {
  test('a persisted query is not supported, as Apollo\u2019s protocol says it', async () => {
    const layer = await startLayer();
    const answer = await post(layer, { extensions: persisted(hashOf(trusted)) });
    expectRefusal(layer, answer, 200, 'PERSISTED_QUERY_NOT_SUPPORTED');
    expect(answer.errors?.[0]?.message).toBe('PersistedQueryNotSupported');
  });

  test('a text that comes with its id is executed', async () => {
    const layer = await startLayer();
    const params = { query: trusted, extensions: persisted(hashOf(trusted)) };
    expect(await post(layer, params)).toMatchObject(found);
  });

  test('a documentId alone is no operation', async () => {
    const layer = await startLayer();
    const answer = await post(layer, { documentId: hashOf(trusted) });
    expectRefusal(layer, answer, 400, 'PERSISTED_QUERY_NOT_FOUND');
  });
});
