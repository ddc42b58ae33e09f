import { expect, test } from 'vitest';
import { communityId, getOf, userId } from '../support/demo.ts';
import { startLayer } from '../support/layer.ts';
import { always, answerFromDemoData, envelope, sendJson, startRestApi } from '../support/rest-api.ts';

/** No retries: each case is about one answer. */
const env = { UPSTREAM_ATTEMPTS: '1' };

const user = (id: string, selection: string) =>
  `communityUser(communityId: "${communityId}", userId: "${id}") { ${selection} }`;

test.each([
  [400, 'BAD_USER_INPUT', false],
  [401, 'UNAUTHENTICATED', false],
  [403, 'FORBIDDEN', false],
  [418, 'UPSTREAM_BAD_RESPONSE', true],
  [429, 'RATE_LIMITED', true],
  [500, 'UPSTREAM_UNAVAILABLE', true],
  [502, 'UPSTREAM_UNAVAILABLE', true],
  [503, 'UPSTREAM_UNAVAILABLE', true],
])('a %i fails its user alone, with %s', async (status, code, retryable) => {
  const restApi = await startRestApi((request, response) => {
    if (request.url.includes(userId(1))) sendJson(response, status, { secret: 'in the body' });
    else answerFromDemoData(request, response);
  });
  const layer = await startLayer({ restApi, env });
  const operation = `{ good: ${user(userId(0), 'username')} bad: ${user(userId(1), 'username email')} again: ${user(userId(1), 'isOnline')} }`;
  for (let time = 1; time <= 3; time++) {
    const answer = await layer.query(operation);
    expect(answer).toMatchObject({
      status: 200,
      data: { good: { username: 'admin' }, bad: null, again: null },
    });
    const extensions = expect.objectContaining({
      code,
      retryable,
      requestId: answer.headers.get('x-request-id'),
    });
    expect(answer.errors).toEqual([
      expect.objectContaining({ path: ['bad'], extensions }),
      expect.objectContaining({ path: ['again'], extensions }),
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/secret|127\.0\.0\.1|demo-owner|stack/);
    expect(layer.requests).toHaveLength(2 * time);
  }
  expect(layer.requests.slice(0, 2).toSorted()).toEqual([
    getOf(userId(0), 'username'),
    getOf(userId(1), 'username&email&isOnline'),
  ]);
});

test('a limited rate says when to come back', async () => {
  const restApi = await startRestApi(always(429, {}, { 'retry-after': '30' }));
  const layer = await startLayer({ restApi, env });
  const answer = await layer.query(`{ ${user(userId(), 'email')} }`);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 30 });
});

test('a status in the body of a 200 counts like one of HTTP', async () => {
  const restApi = await startRestApi(always(200, { meta: { statusCode: 404 }, message: 'Record Not Found' }));
  const layer = await startLayer({ restApi, env });
  const answer = await layer.query(`{ ${user(userId(), 'email')} }`);
  expect(answer.data).toEqual({ communityUser: null });
  expect(answer.errors).toBeUndefined();
});

test('an id beyond 2^53 keeps all its digits', async () => {
  const restApi = await startRestApi(
    always(200, '{ "meta": { "statusCode": 200 }, "data": { "id": 9007199254740993123 } }'),
  );
  const layer = await startLayer({ restApi, env });
  const answer = await layer.query(`{ ${user(userId(), 'id')} }`);
  expect(answer.data).toEqual({ communityUser: { id: '9007199254740993123' } });
});

test('a field of the wrong type fails alone', async () => {
  const data = {
    _id: userId(),
    id: 'x',
    username: 7,
    isOnline: 'yes',
    lastLogin: 'yesterday',
    email: null,
    displayName: 'Admin',
  };
  const restApi = await startRestApi(always(200, envelope(data)));
  const layer = await startLayer({ restApi, env });
  const operation = `{ ${user(userId(), '_id id username isOnline lastLogin email displayName isWithheld(field: username)')} }`;
  for (let time = 0; time < 3; time++) {
    const answer = await layer.query(operation);
    expect(answer.data).toEqual({
      communityUser: {
        _id: userId(),
        id: null,
        username: null,
        isOnline: null,
        lastLogin: null,
        email: null,
        displayName: 'Admin',
        isWithheld: false,
      },
    });
    expect(answer.errors?.map(({ path }) => path)).toEqual(
      ['id', 'username', 'isOnline', 'lastLogin'].map((field) => ['communityUser', field]),
    );
    for (const { extensions } of answer.errors ?? []) {
      expect(extensions).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', retryable: true });
    }
  }
});

test.each([
  ['9999-12-31T23:59:59-01:00', null],
  ['0000-01-01T00:00:00+00:01', null],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ['2023-12-01t10:30:00.1239+01:00', '2023-12-01T09:30:00.123Z'],
])(
  'a moment is given out in UTC, and is an error where its year has no four digits there: %s',
  async (lastLogin, given) => {
    const restApi = await startRestApi(always(200, envelope({ lastLogin, username: 'u' })));
    const layer = await startLayer({ restApi, env });
    const { data, errors = [] } = await layer.query(`{ ${user(userId(), 'lastLogin username')} }`);
    expect(data).toEqual({ communityUser: { lastLogin: given, username: 'u' } });
    expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual(
      given === null ? [['lastLogin', 'UPSTREAM_BAD_RESPONSE']] : [],
    );
  },
);

test('fields that nobody asked for are ignored, and cannot reach any object', async () => {
  const restApi = await startRestApi(
    always(
      200,
      '{ "data": { "email": "a@example.com", "username": "u", "__proto__": { "polluted": true }, "isWithheld": true, "communityId": "other" } }',
    ),
  );
  const layer = await startLayer({ restApi, env });
  const answer = await layer.query(`{ ${user(userId(), 'email communityId isWithheld(field: email)')} }`);
  expect(answer.data).toEqual({ communityUser: { email: 'a@example.com', communityId, isWithheld: false } });
  expect('polluted' in {}).toBe(false);
});

test('an empty body of data is a user of whom everything is withheld', async () => {
  const restApi = await startRestApi(always(200, envelope({})));
  const layer = await startLayer({ restApi, env });
  const answer = await layer.query(`{ ${user(userId(), 'email id isWithheld(field: id)')} }`);
  expect(answer.data).toEqual({ communityUser: { email: null, id: null, isWithheld: true } });
  expect(answer.errors).toBeUndefined();
});

test.each([
  ['no JSON', '<html>'],
  ['no data', {}],
  ['null for data', { data: null }],
  ['another user', envelope({ _id: userId(2), email: 'other@example.com' })],
])('%s in the place of a user is a bad response', async (_what, body) => {
  const restApi = await startRestApi(always(200, body));
  const layer = await startLayer({ restApi, env });
  const answer = await layer.query(`{ ${user(userId(), 'email')} }`);
  expect(answer.data).toEqual({ communityUser: null });
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', retryable: true });
});

test('a path in the address of the REST API goes in front', async () => {
  const restApi = await startRestApi(always(200, envelope({})));
  const layer = await startLayer({ restApi, env: { ...env, UPSTREAM_URL: `${restApi.url}/v2/` } });
  await layer.query(`{ ${user(userId(), 'email')} }`);
  expect(layer.requests).toEqual([`/v2${getOf(userId(), 'email')}`]);
});
