import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { communityId } from '../support/demo.ts';
import { startLayer } from '../support/layer.ts';
import { envelope, type RestHandler, sendJson, startRestApi } from '../support/rest-api.ts';
import { startTestService } from '../support/test-service.ts';
import { startOtlpReceiver } from '../telemetry/otlp-receiver.ts';
import { sendRaw } from './raw-http.ts';

const query = `query Q($userId: ID!) { communityUser(communityId: "${communityId}", userId: $userId) { username } }`;

/** A body with its headers, to end a raw request with. */
function operation(userId: string): string {
  const body = JSON.stringify({ query, variables: { userId } });
  return `Content-Type: application/json\nContent-Length: ${body.length}\nConnection: close\n\n${body}`;
}

describe('a request without exactly one well-formed bearer token makes no GET', () => {
  test.each([
    ['none', ''],
    ['an empty one', 'Authorization: \n'],
    ['no token', 'Authorization: Bearer\n'],
    ['no scheme', 'Authorization: abc\n'],
    ['another scheme', 'Authorization: Basic YTpi\n'],
    ['two tokens', 'Authorization: Bearer abc def\n'],
    ['two tokens with a comma', 'Authorization: Bearer abc, Bearer def\n'],
    ['two headers', 'Authorization: Bearer abc\nAuthorization: Bearer def\n'],
    ['the same header twice', 'Authorization: Bearer abc\nauthorization: Bearer abc\n'],
    ['a comma', 'Authorization: Bearer a,b\n'],
    ['a quote', 'Authorization: Bearer "abc"\n'],
    ['a character beyond ASCII', 'Authorization: Bearer äbc\n'],
    ['a tab', 'Authorization: Bearer\tabc\n'],
    ['two spaces', 'Authorization: Bearer  abc\n'],
    ['an equals sign in the middle', 'Authorization: Bearer a=b\n'],
    ['nothing but equals signs', 'Authorization: Bearer ==\n'],
    ['more than 4096 characters', `Authorization: Bearer ${'a'.repeat(4090)}\n`],
    [
      'a token where none belongs',
      'X-Authorization: Bearer abc\nCookie: token=abc\nProxy-Authorization: Bearer abc\n',
    ],
  ])('%s', async (_, headers) => {
    const layer = await startLayer();
    const request = `POST /graphql?access_token=abc HTTP/1.1\nHost: localhost\n${headers}${operation('a')}`;
    const answer = await sendRaw(layer.url, request);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({
      data: { communityUser: null },
      errors: [{ extensions: { code: 'UNAUTHENTICATED', retryable: false } }],
    });
    expect(layer.requests).toEqual([]);
  });
});

test.each(['Bearer abc', 'bearer abc', 'BEARER AbC-._~+/123==', `Bearer ${'a'.repeat(4089)}`])(
  'a well-formed token is passed on as it came: %.40s',
  async (authorization) => {
    const restApi = await startRestApi();
    const layer = await startLayer({ restApi });
    await sendRaw(
      layer.url,
      `POST /graphql HTTP/1.1\nHost: localhost\nAuthorization:  ${authorization} \n${operation('a')}`,
    );
    expect(restApi.requests.map(({ headers }) => headers.authorization)).toEqual([authorization]);
  },
);

test('nothing else that a caller sends reaches the REST API', async () => {
  const restApi = await startRestApi();
  const layer = await startLayer({ restApi });
  await layer.query(query, {
    variables: { userId: 'a' },
    headers: {
      cookie: 'a=b',
      'x-forwarded-for': '10.0.0.1',
      'x-api-key': 'k',
      accept: '*/*',
      'user-agent': 'me',
      'x-request-id': 'id-1',
    },
  });
  expect(restApi.requests.map(({ headers }) => headers)).toEqual([
    {
      host: new URL(restApi.url).host,
      connection: expect.any(String),
      authorization: 'Bearer demo-owner',
      accept: 'application/json',
      'x-request-id': 'id-1',
    },
  ]);
});

/** Whatever a REST API may do to those who ask, in the worst case with their own token in its answer. */
const misbehaviour: Record<string, (response: ServerResponse, token: string) => void> = {
  found: (response) => sendJson(response, 200, envelope({ username: 'name' })),
  absent: (response) => sendJson(response, 404, {}),
  'wrong-type': (response, token) => sendJson(response, 200, envelope({ username: [token] })),
  'not-json': (response, token) => sendJson(response, 200, token.replace('Bearer ', '')),
  'other-type': (response, token) =>
    sendJson(response, 200, token, { 'content-type': `text/${token.slice(-8)}` }),
  cut: (response, token) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    response.write(`{"data":"${token}`, () => response.destroy());
  },
  'not-http': (response, token) => response.socket?.end(`${token}\r\n\r\n`),
  hang: () => {},
  redirect: (response, token) =>
    sendJson(response, 302, token, { location: `/?token=${encodeURIComponent(token)}` }),
  'retry-after': (response, token) => sendJson(response, 429, token, { 'retry-after': token }),
};
for (const status of [400, 401, 403, 418, 500, 503]) {
  misbehaviour[`status-${status}`] = (response, token) => {
    sendJson(
      response,
      status,
      { meta: { statusCode: status }, message: `Bad token ${token}` },
      { 'x-token': token },
    );
  };
}

const misbehave: RestHandler = ({ url, headers }, response) => {
  const userId = /\/users\/([\w-]+)/.exec(url)?.[1] ?? '';
  misbehaviour[userId]?.(response, headers.authorization ?? '');
};

/** Ways to send a token, well-formed or not, in its proper place or not. */
const ways: ((token: string) => string)[] = [
  (token) => `Authorization: Bearer ${token}\nX-Upstream-Report: 1\n`,
  (token) => `Authorization: Bearer ${token}\n`,
  (token) => `Authorization: Bearer ${token} twice\n`,
  (token) => `Authorization: Bearer ${token}\nAuthorization: Bearer ${token}\n`,
  (token) => `Authorization: ${token}\n`,
  (token) => `Authorization: Bearer ${token}${'a'.repeat(5000)}\n`,
  (token) => `Authorization: Bearer\n ${token}\n`,
  (token) => `Authorization: Bearer ${token}\rX: y\n`,
  (token) => `Authorization: Bearer ${token}\nX-Request-Id: Bearer ${token}\n`,
  (token) => `Authorization: Bearer ${token}\nContent-Encoding: ${token}\n`,
  (token) => `Authorization: Bearer ${token}\nAccept: text/${token}\n`,
  (token) =>
    `Authorization: Bearer ${token}\nTraceparent: ${token}\nTracestate: a=${token}\nBaggage: token=${token}\n`,
];

test('no token is in any log, metric, trace, error or report of a busy run, at whichever level', async () => {
  // Both at once: what takes time is a REST API that never answers.
  await Promise.all(['info', 'trace'].map(expectNoToken));
});

async function expectNoToken(level: string): Promise<void> {
  const restApi = await startRestApi(misbehave);
  const collector = await startOtlpReceiver();
  const service = await startTestService({
    UPSTREAM_URL: restApi.url,
    UPSTREAM_TIMEOUT_MS: '3000',
    LOG_LEVEL: level,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  });
  const tokens: string[] = [];
  const answers = await Promise.all(
    Object.keys(misbehaviour).flatMap((userId) =>
      ways.map(async (way) => {
        const token = randomToken();
        tokens.push(token);
        const request = `POST /graphql HTTP/1.1\nHost: localhost\n${way(token)}${operation(userId)}`;
        return JSON.stringify(await sendRaw(service.url, request));
      }),
    ),
  );
  const metrics = await (await fetch(`${service.url}/metrics`, { headers: { connection: 'close' } })).text();
  await service.stop();

  // The run was as busy as it was meant to be.
  expect(service.stdout).toContain('"msg":"operation"');
  expect(metrics).toContain('upstream_retries_total');
  expect(collector.bodies.join()).toContain('communities');
  expect(answers.join()).toContain('upstream');
  for (const code of [
    'UNAUTHENTICATED',
    'UPSTREAM_TIMEOUT',
    'UPSTREAM_BAD_RESPONSE',
    'UPSTREAM_UNAVAILABLE',
    'RATE_LIMITED',
  ]) {
    expect(answers.join()).toContain(code);
  }

  const written = [service.stdout, service.stderr, metrics, ...collector.bodies, ...answers].join('\n');
  const leaked = tokens.filter((token) => partsOf(token).some((part) => written.includes(part)));
  expect(leaked).toEqual([]);
}

/** Of capitals that neither ids nor base64 of other things are made of, so that eight of them in a row are its own. */
function randomToken(): string {
  return Array.from(randomBytes(24), (byte) => 'GHJKLMNPQRSTVWXYZ'[byte % 17]).join('');
}

/** What would give a token away: its beginning, as error messages quote it, its end, or the whole in base64. */
function partsOf(token: string): string[] {
  return [token.slice(0, 8), token.slice(-8), Buffer.from(token).toString('base64')];
}
