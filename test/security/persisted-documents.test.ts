import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { communityId, userId } from '../support/demo.ts';
import { type Answer, type Layer, startLayer } from '../support/layer.ts';
import { hashOf, idOf, manifestOf } from './manifest.ts';

const trusted = `query Profile($userId: ID!) { communityUser(communityId: "${communityId}", userId: $userId) { username } }`;
const unknown = trusted.replace('Profile', 'Other');
const variables = { userId: userId() };

interface Params {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
  readonly operationName?: unknown;
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

async function start(mode: 'allow' | 'log' | 'require', ...texts: string[]): Promise<Layer> {
  const manifest = await manifestOf(trusted, ...texts);
  return startLayer({ env: { PERSISTED_DOCUMENTS: manifest, PERSISTED_DOCUMENTS_MODE: mode } });
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
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
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

  test('introspection is executed where it is in the manifest', async () => {
    const introspection = '{ __schema { queryType { name } } }';
    const layer = await start('require', introspection);
    expect(await post(layer, { query: introspection })).toHaveProperty(
      'data.__schema.queryType.name',
      'Query',
    );
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
    expect(await response.text()).toContain('Cross-Site Request Forgery');
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

  test.each([hashOf(unknown), idOf(unknown), '', 'Profile', 'md5:abc', '__proto__'])(
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
    ['whose documentId is not that of its text', { query: trusted, documentId: hashOf(unknown) }],
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

describe('without a manifest', () => {
  test('a persisted query is not supported, as Apollo\u2019s protocol says it', async () => {
    const layer = await startLayer();
    const answer = await post(layer, { query: trusted, extensions: persisted(hashOf(trusted)) });
    expectRefusal(layer, answer, 200, 'PERSISTED_QUERY_NOT_SUPPORTED');
  });

  test('a documentId alone is no operation', async () => {
    const layer = await startLayer();
    expectRefusal(layer, await post(layer, { documentId: hashOf(trusted) }), 400, 'BAD_REQUEST');
  });
});
