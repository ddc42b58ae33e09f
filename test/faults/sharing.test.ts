import { expect, test } from 'vitest';
import { dataOf, startScene } from './ask.ts';
import { always, found, http } from './replies.ts';
import type { ScriptedRequest } from './scripted-api.ts';

/** Says which token it saw, as the user's name. */
const tellToken = ({ headers }: ScriptedRequest) =>
  http(200, found({ _id: 'u1', firstName: headers.authorization, lastName: headers['x-request-id'] }));

const query = '{ communityUser(communityId: "c1", userId: "u1") { firstName } }';

test('hundreds ask for the same user at once, and each sees what its own token may see', async () => {
  const tokens = Array.from({ length: 300 }, (_, index) => `token-${index % 100}`);
  // Nothing is answered before everybody has asked, so that all are in flight together.
  const held: ScriptedRequest[] = [];
  const seen = new Set<unknown>();
  const scene = await startScene(
    (request) => {
      held.push(request);
      seen.add(request.headers.authorization);
      if (seen.size === 100) for (const one of held.splice(0)) one.socket.write(tellToken(one));
    },
    { UPSTREAM_CONNECTIONS: '100', UPSTREAM_TIMEOUT_MS: '50000' },
  );
  const answers = await Promise.all(tokens.map((token) => scene.layer.query(query, { token })));

  expect(answers.map((answer) => dataOf(answer).communityUser?.firstName)).toEqual(
    tokens.map((token) => `Bearer ${token}`),
  );
});

test('hundreds of different tokens over few connections, answered out of order, are kept apart', async () => {
  const scene = await startScene(
    (request) => {
      // In some order that is not that of asking.
      setTimeout(() => request.socket.write(tellToken(request)), (request.number * 7) % 5);
    },
    { UPSTREAM_CONNECTIONS: '7', UPSTREAM_TIMEOUT_MS: '50000' },
  );
  const tokens = Array.from({ length: 400 }, (_, index) => `t${index}`);
  const answers = await Promise.all(tokens.map((token) => scene.layer.query(query, { token })));

  expect(answers.map((answer) => dataOf(answer).communityUser?.firstName)).toEqual(
    tokens.map((token) => `Bearer ${token}`),
  );
  expect(scene.api.requests).toHaveLength(400);
  expect(scene.api.mostSockets).toBeLessThanOrEqual(7);
});

test('requests of one caller for one user at one moment are one GET', async () => {
  const count = 50;
  const scene = await startScene(() => {}, { UPSTREAM_TIMEOUT_MS: '50000' });
  const first = scene.layer.query(query);
  await scene.api.until(() => scene.api.requests.length === 1);
  // The GET for a user of its own tells of each that it has asked for the common one too.
  const others = Array.from({ length: count }, (_, index) =>
    scene.layer.query(
      `{ common: communityUser(communityId: "c1", userId: "u1") { firstName }
         own: communityUser(communityId: "c1", userId: "own${index}") { firstName } }`,
      { headers: { 'x-upstream-report': '1' } },
    ),
  );
  await scene.api.until(() => scene.api.requests.length === 1 + count);
  for (const request of scene.api.requests) request.socket.write(tellToken(request));

  expect(dataOf(await first).communityUser).toEqual({ firstName: 'Bearer demo-owner' });
  for (const answer of await Promise.all(others)) {
    expect(dataOf(answer).common).toEqual({ firstName: 'Bearer demo-owner' });
    expect(answer.extensions?.upstream).toMatchObject({ users: 2 });
    expect(JSON.stringify(answer.extensions?.upstream)).toContain('"shared":true');
  }
  expect(scene.api.requests.filter(({ url }) => url.includes('/u1?'))).toHaveLength(1);
});

test('a token is one caller, however its scheme is spelled, and goes up as it came', async () => {
  const scene = await startScene(always(http(429, '', { 'retry-after': '60' })));
  const codes: unknown[] = [];
  for (const scheme of ['bEARER', 'Bearer', 'BEARER']) {
    const { errors = [] } = await scene.layer.query(query, { headers: { authorization: `${scheme} t` } });
    codes.push(errors[0]?.extensions.code);
  }
  expect(codes).toEqual(Array(3).fill('RATE_LIMITED'));
  expect(scene.api.requests.map(({ headers }) => headers.authorization)).toEqual(['bEARER t']);
});

test('requests that share a GET that fails have each an error with its own request id', async () => {
  const scene = await startScene(() => {});
  const ask = (id: string, also = '') =>
    scene.layer.query(`{ communityUser(communityId: "c1", userId: "u1") { firstName } ${also} }`, {
      headers: { 'x-request-id': id },
    });
  const first = ask('first');
  await scene.api.until(() => scene.api.requests.length === 1);
  const second = ask('second', 'own: communityUser(communityId: "c1", userId: "own") { firstName }');
  await scene.api.until(() => scene.api.requests.length === 2);
  for (const { socket } of scene.api.requests) socket.write(http(401));

  const [one, two] = [await first, await second];
  expect(one.errors?.map(({ extensions }) => extensions.requestId)).toEqual(['first']);
  expect(two.errors?.map(({ extensions }) => extensions.requestId)).toEqual(['second', 'second']);
  expect(scene.api.requests).toHaveLength(2);
});
