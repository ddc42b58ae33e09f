import { expect, test } from 'vitest';
import { type Layer, startLayer } from '../support/layer.ts';
import { jsonBody, type RawAnswer, sendRaw } from './raw-http.ts';

const operation = { query: '{ __typename }' };
const HOST = 'Host: localhost\n';
const CLOSE = 'Connection: close\n';

/** What every refusal looks like, whoever refuses: Node's parser, the server or the GraphQL pipeline. */
function expectRefusal(answer: RawAnswer, status: number, code = 'BAD_REQUEST'): void {
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': expect.stringMatching(/^[\w-]{36}$/),
  });
  expect(JSON.parse(answer.body)).toEqual({
    errors: [
      {
        message: expect.stringMatching(/.{10}/),
        extensions: { code, retryable: false, requestId: answer.headers['x-request-id'] },
      },
    ],
  });
}

async function post(layer: Layer, headers: string, body: string): Promise<RawAnswer> {
  return sendRaw(layer.url, `POST /graphql HTTP/1.1\n${HOST}${headers}${CLOSE}\n`, body);
}

test.each([
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/plain; charset=utf-8',
  'application/graphql',
  'application/json-patch+json',
  'application/jsonx',
  'nonsense',
])('refuses a body of type %s', async (type) => {
  const layer = await startLayer();
  const body = JSON.stringify(operation);
  expectRefusal(await post(layer, `Content-Type: ${type}\nContent-Length: ${body.length}\n`, body), 415);
});

test('refuses a body without a type', async () => {
  const layer = await startLayer();
  const body = JSON.stringify(operation);
  expectRefusal(await post(layer, `Content-Length: ${body.length}\n`, body), 415);
});

test.each([
  ['an encoding that is not read', 'zstd', 415],
  ['two encodings', 'gzip, gzip', 415],
  ['gzip, where the body is plain', 'gzip', 400],
  ['br, where the body is plain', 'br', 400],
])('refuses a compressed body: %s', async (_case, encoding, status) => {
  const layer = await startLayer();
  const request = `POST /graphql HTTP/1.1\n${HOST}Content-Encoding: ${encoding}\n`;
  expectRefusal(await sendRaw(layer.url, request + jsonBody(operation)), status);
});

test('refuses a request with two Host headers', async () => {
  const layer = await startLayer();
  const request = `POST /graphql HTTP/1.1\n${HOST}Host: other.example\n`;
  expectRefusal(await sendRaw(layer.url, request + jsonBody(operation)), 400);
});

test.each(['text/plain', 'text/html, image/*', 'application/json;q=0'])(
  'refuses a request whose Accept cannot be met, before any GET: %s',
  async (accept) => {
    const layer = await startLayer();
    const request = `POST /graphql HTTP/1.1\n${HOST}Accept: ${accept}\nAuthorization: Bearer demo-owner\n`;
    const query = '{ communityUser(communityId: "c", userId: "u") { _id } }';
    expectRefusal(await sendRaw(layer.url, request + jsonBody({ query })), 406);
    expect(layer.requests).toEqual([]);
  },
);

test('refuses a body that announces itself as too large, without waiting for it', async () => {
  const layer = await startLayer({ env: { MAX_REQUEST_BYTES: '1000' } });
  expectRefusal(await post(layer, 'Content-Type: application/json\nContent-Length: 1001\n', '{'), 413);
});

test('refuses a body that turns out too large, without waiting for its end', async () => {
  const layer = await startLayer({ env: { MAX_REQUEST_BYTES: '1000' } });
  const chunked = 'Content-Type: application/json\nTransfer-Encoding: chunked\n';
  expectRefusal(await post(layer, chunked, `3e9\r\n${'a'.repeat(1001)}\r\n`), 413);
});

test('takes a body of exactly the largest size', async () => {
  const layer = await startLayer({ env: { MAX_REQUEST_BYTES: '1000' } });
  const request = `POST /graphql HTTP/1.1\n${HOST}`;
  const answer = await sendRaw(layer.url, request + jsonBody(JSON.stringify(operation).padEnd(1000)));
  expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('"Query"') });
});

test.each([
  ['no JSON', '{"query":'],
  ['nothing', ''],
  ['an array, be it of one operation', '[{"query":"{ __typename }"}]'],
  ['an empty array', '[]'],
  ['null', 'null'],
  ['a string', '"{ __typename }"'],
  ['no operation', '{}'],
  ['an empty operation', '{"query":""}'],
  ['a document that is parsed already', '{"query":{"kind":"Document","definitions":[]}}'],
])('refuses a body that holds %s', async (_case, body) => {
  const layer = await startLayer();
  expectRefusal(await sendRaw(layer.url, `POST /graphql HTTP/1.1\n${HOST}${jsonBody(body)}`), 400);
});

test.each([
  '{"query":"{ __typename }","__proto__":{"admin":true}}',
  '{"query":"{ __typename }","variables":{"__proto__":{"admin":true}}}',
  '{"query":"{ __typename }","constructor":{"prototype":{"admin":true}}}',
])('takes names of properties of objects as any others: %s', async (body) => {
  const layer = await startLayer();
  const answer = await sendRaw(layer.url, `POST /graphql HTTP/1.1\n${HOST}${jsonBody(body)}`);
  expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('"Query"') });
  expect({}).not.toHaveProperty('admin');
});

test.each(['/%zz', '/graphql/%c0%ae', '/%'])('refuses the malformed URL %s', async (path) => {
  const layer = await startLayer();
  expectRefusal(await sendRaw(layer.url, `GET ${path} HTTP/1.1\n${HOST}${CLOSE}\n`), 400);
});

test.each([
  '/',
  '/graphql/users',
  '/graphql%2f..%2fmetrics',
  '//graphql',
  '/GRAPHQL',
  '/.env',
  '/favicon.ico.php',
])('says that there is nothing at %s', async (path) => {
  const layer = await startLayer({ env: { NODE_ENV: 'production' } });
  expectRefusal(await sendRaw(layer.url, `GET ${path} HTTP/1.1\n${HOST}${CLOSE}\n`), 404, 'NOT_FOUND');
});

test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'])(
  'refuses %s, and names the methods that it takes',
  async (method) => {
    const layer = await startLayer();
    const answer = await sendRaw(
      layer.url,
      `${method} /graphql?query={__typename} HTTP/1.1\n${HOST}${CLOSE}\n`,
    );
    expectRefusal(answer, 405);
    expect(answer.headers).toHaveProperty('allow', 'GET, POST');
  },
);

test('answers HEAD for what is there to read, without a body', async () => {
  const layer = await startLayer();
  const head = async (path: string) => sendRaw(layer.url, `HEAD ${path} HTTP/1.1\n${HOST}${CLOSE}\n`);
  await expect(head('/health/live')).resolves.toMatchObject({ status: 200, body: '' });
  await expect(head('/graphql?query={__typename}')).resolves.toMatchObject({ status: 405, body: '' });
  await expect(head('/nothing')).resolves.toMatchObject({ status: 404, body: '' });
});

test('names the methods of a path where OPTIONS asks for them', async () => {
  const layer = await startLayer({ env: { NODE_ENV: 'production' } });
  const options = `OPTIONS /graphql HTTP/1.1\n${HOST}${CLOSE}\n`;
  const answer = await sendRaw(layer.url, options);
  expect(answer).toMatchObject({ status: 204, headers: { allow: 'GET, POST' }, body: '' });
});

test.each([
  ['an unknown method', `FOO /graphql HTTP/1.1\n${HOST}\n`],
  ['no HTTP at all', '\x16\x03\x01 this is TLS\n\n'],
  ['two lengths', `POST /graphql HTTP/1.1\n${HOST}Content-Length: 24\n${jsonBody(operation)}`],
  [
    'a length and chunks',
    `POST /graphql HTTP/1.1\n${HOST}Transfer-Encoding: chunked\n${jsonBody(operation)}`,
  ],
  ['a space before a colon', `POST /graphql HTTP/1.1\n${HOST}Content-Length : 24\n\n`],
  [
    'a header on two lines',
    `POST /graphql HTTP/1.1\n${HOST}Authorization: Bearer\n abc\n${jsonBody(operation)}`,
  ],
  ['a NUL in a header', `POST /graphql HTTP/1.1\n${HOST}Authorization: Bearer a\0b\n${jsonBody(operation)}`],
  [
    'a bare CR in a header',
    `POST /graphql HTTP/1.1\n${HOST}Authorization: Bearer a\rb\n${jsonBody(operation)}`,
  ],
])('refuses %s, and closes the connection', async (_case, request) => {
  const layer = await startLayer();
  const answer = await sendRaw(layer.url, request);
  expectRefusal(answer, 400);
  expect(answer.headers).toHaveProperty('connection', 'close');
});

test('refuses headers beyond 16 KiB', async () => {
  const layer = await startLayer();
  expectRefusal(
    await sendRaw(layer.url, `GET /graphql HTTP/1.1\n${HOST}X-Long: ${'a'.repeat(17_000)}\n\n`),
    431,
  );
});

test('says it as application/graphql-response+json to those who ask for that', async () => {
  const layer = await startLayer();
  const answer = await fetch(`${layer.url}/nothing`, {
    headers: { accept: 'application/graphql-response+json, application/json;q=0.9' },
  });
  expect(answer.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
});

test('takes the caller\u2019s request id into a refusal', async () => {
  const layer = await startLayer();
  const answer = await fetch(`${layer.url}/nothing`, { headers: { 'x-request-id': 'my-id.1' } });
  expect(answer.headers.get('x-request-id')).toBe('my-id.1');
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { requestId: 'my-id.1' } }] });
});
