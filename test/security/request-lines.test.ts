import { createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Layer, startLayer } from '../support/layer.ts';
import { listen } from '../support/listen.ts';
import { jsonBody, sendRaw } from './raw-http.ts';

/** A REST API below HTTP: keeps the head of each request as it came over the wire, and tells nothing of anybody. */
async function startRecorder(): Promise<{ url: string; heads: string[] }> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end !== -1; end = received.indexOf('\r\n\r\n')) {
        heads.push(received.slice(0, end));
        received = received.slice(end + 4);
        socket.write(
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"data":{}}',
        );
      }
    });
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}`, heads };
}

async function start(basePath = ''): Promise<{ layer: Layer; heads: string[] }> {
  const { url, heads } = await startRecorder();
  const env = { UPSTREAM_URL: url + basePath, UPSTREAM_ATTEMPTS: '1' };
  const restApi = { url, requests: [], stop: async () => {} };
  return { layer: await startLayer({ restApi, env }), heads };
}

/** What has been used to get out of a path, into another query, host, header or request. */
const nasty = fc.constantFrom(
  ...[
    '.',
    '..',
    '/',
    '//',
    '\\',
    '%',
    '%2e',
    '%2E%2e',
    '%2f',
    '%252f',
    '%00',
    '\0',
    '?',
    '#',
    '&',
    '=',
    ';',
    '@',
    ':',
  ],
  ...[
    ' ',
    '\t',
    '\r',
    '\n',
    '\r\n',
    ' HTTP/1.1\r\nX: y\r\n\r\n',
    '..;/',
    '\u2025',
    '\uff0e',
    '\uff0f',
    '\u2028',
    '\ufeff',
  ],
  ...['\ud800', '__proto__', 'constructor', 'http://evil.example/', '-', '_', 'ſ', 'İ', 'K', '１'],
);

/** Ids with a chance to pass, ids that must not, and things that are no ids at all. */
const anyId = fc.oneof(
  { weight: 2, arbitrary: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  { weight: 2, arbitrary: fc.stringMatching(/^[A-Za-z0-9_-]{60,70}$/) },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.oneof(nasty, fc.string({ maxLength: 3 })), { maxLength: 8 })
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: nasty.map((part) => part.repeat(3000)) },
);
const anything = fc.oneof(
  { weight: 8, arbitrary: anyId },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

const FIELDS = '_id email';
const OUTER = 'the-user-around-it';

/** Every place of the schema that takes an id from the caller, with the ids in the place that `fill` gives them. */
const places: Record<string, string> = {
  communityUser: `{ communityUser(communityId: $c, userId: $u) { ${FIELDS} } }`,
  communityUsers: `{ communityUsers(communityId: $c, userIds: [$u]) { ${FIELDS} } }`,
  'Community.user': `{ communityUser(communityId: $c, userId: "${OUTER}") { community { user(userId: $u) { ${FIELDS} } } } }`,
  'an entity': `{ _entities(representations: [{ __typename: "CommunityUser", communityId: $c, userId: $u }]) {
    ... on CommunityUser { ${FIELDS} } } }`,
  'users of an entity': `{ _entities(representations: [{ __typename: "Community", id: $c }]) {
    ... on Community { user(userId: $u) { ${FIELDS} } users(userIds: [$u]) { ${FIELDS} } } } }`,
};

/** Asks, and gives the request lines that came of it. */
async function linesOf(heads: string[], ask: () => Promise<unknown>): Promise<string[]> {
  heads.length = 0;
  await ask();
  return heads.map((head) => head.split('\r\n', 1)[0] ?? '');
}

/**
 * Where both are ids, the GET of that user was made; besides, at the most, that of the user around it, if the community's is
 * an id. Nothing else was.
 */
function expectLines(lines: string[], communityId: unknown, userId: unknown, basePath = ''): void {
  const [c, u] = [communityId, userId].map((id) => (Number.isSafeInteger(id) ? String(id) : id));
  const get = (id: string, flags: string) =>
    `GET ${basePath}/apis/v1/communities/${c}/users/${id}?${flags} HTTP/1.1`;
  const around = isId(c) ? [get(OUTER, '_id')] : [];
  const asked = isId(c) && isId(u) ? [get(u, '_id&email')] : [];
  expect(lines).toEqual(expect.arrayContaining(asked));
  expect([...around, ...asked]).toEqual(expect.arrayContaining(lines));
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value);
}

describe('no identifier whatsoever reaches another path or query of the REST API', () => {
  test.each(Object.entries(places))('as a variable of %s', async (_, selection) => {
    const { layer, heads } = await start();
    const query = `query ($c: ID!, $u: ID!) ${selection}`;
    await fc.assert(
      fc.asyncProperty(anything, anything, async (c, u) => {
        const lines = await linesOf(heads, () => layer.query(query, { variables: { c, u } }));
        expectLines(lines, c, u);
      }),
      { numRuns: 150 },
    );
  });

  test.each(Object.entries(places))('in the text of %s', async (_, selection) => {
    const { layer, heads } = await start();
    await fc.assert(
      fc.asyncProperty(anyId, anyId, async (c, u) => {
        const query = selection
          .replaceAll('$c', () => JSON.stringify(c))
          .replaceAll('$u', () => JSON.stringify(u));
        const lines = await linesOf(heads, () => layer.query(query));
        expectLines(lines, c, u);
      }),
      { numRuns: 60 },
    );
  });

  test('in lists, nested as they may be', async () => {
    const { layer, heads } = await start();
    const query = `query ($c: ID!, $u: [ID!]!) { communityUsers(communityId: $c, userIds: $u) { ${FIELDS} } }`;
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 5 }), async (u) => {
        const lines = await linesOf(heads, () => layer.query(query, { variables: { c: 'c', u } }));
        for (const line of lines) {
          const [, id = ''] =
            /^GET \/apis\/v1\/communities\/c\/users\/([A-Za-z0-9_-]{1,64})\?_id&email HTTP\/1\.1$/.exec(
              line,
            ) ?? [];
          expect(u.map(String)).toContain(id);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('by GET', async () => {
    const { layer, heads } = await start();
    const query = `query ($c: ID!, $u: ID!) ${places.communityUser}`;
    const headers = { authorization: 'Bearer token', 'apollo-require-preflight': '1' };
    const short = anyId.filter((id) => id.length < 100);
    await fc.assert(
      fc.asyncProperty(short, short, async (c, u) => {
        const search = new URLSearchParams({ query, variables: JSON.stringify({ c, u }) });
        const lines = await linesOf(heads, async () =>
          (await fetch(`${layer.url}/graphql?${search}`, { headers })).text(),
        );
        expectLines(lines, c, u);
      }),
      { numRuns: 60 },
    );
  });

  test('behind an address with a path', async () => {
    const { layer, heads } = await start('/v2/rest/');
    const query = `query ($c: ID!, $u: ID!) ${places.communityUser}`;
    await fc.assert(
      fc.asyncProperty(anyId, anyId, async (c, u) => {
        const lines = await linesOf(heads, () => layer.query(query, { variables: { c, u } }));
        expectLines(lines, c, u, '/v2/rest');
      }),
      { numRuns: 60 },
    );
  });
});

test('nothing that a caller writes into headers becomes a header of the GET', async () => {
  const { layer, heads } = await start();
  const body = jsonBody({ query: `{ communityUser(communityId: "c", userId: "u") { ${FIELDS} } }` });
  const value = fc
    .array(fc.oneof(nasty, fc.string({ unit: 'binary-ascii', maxLength: 5 })), { maxLength: 5 })
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(value, value, async (token, id) => {
      heads.length = 0;
      await sendRaw(
        layer.url,
        `POST /graphql HTTP/1.1\nHost: localhost\nAuthorization: Bearer ${token}\nX-Request-Id: ${id}\n${body}`,
      );
      for (const head of heads) {
        expect(head).toMatch(
          /^GET \/apis\/v1\/communities\/c\/users\/u\?_id&email HTTP\/1\.1(\r\n(host: 127[\d.:]+|connection: [\w-]+|authorization: Bearer [\w.~+/-]+=*|accept: application\/json|x-request-id: [\w.-]{1,128}))+$/i,
        );
      }
    }),
    { numRuns: 150 },
  );
});
