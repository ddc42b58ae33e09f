import { expect, test } from 'vitest';
import { untilMetric } from '../support/metrics.ts';
import { type Scene, startScene, token } from './ask.ts';
import { echo, http, silence, well } from './replies.ts';
import type { ScriptedRequest } from './scripted-api.ts';

const answerWell = (request: ScriptedRequest | undefined) => request?.socket.write(http(200, echo(request)));

/** A request whose client can go away before the answer is there. */
function open({ layer }: Scene, query: string, as = token) {
  const client = new AbortController();
  const answer = fetch(`${layer.url}/graphql`, {
    method: 'POST',
    signal: client.signal,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${as}` },
    body: JSON.stringify({ query }),
  }).then((response) => response.text());
  answer.catch(() => {});
  return { answer, goAway: () => client.abort() };
}

const user = (id: string) => `communityUser(communityId: "c1", userId: "${id}") { _id }`;

test('a client that goes away cancels all its GETs, those in line among them', async () => {
  const scene = await startScene(silence, { UPSTREAM_CONNECTIONS: '2' });
  const ids = Array.from({ length: 10 }, (_, index) => `"u${index}"`);
  const request = open(scene, `{ communityUsers(communityId: "c1", userIds: [${ids}]) { _id } }`);
  await scene.api.until(() => scene.api.requests.length === 2);

  request.goAway();
  await scene.api.until(() => scene.api.sockets.size === 0);
  expect(scene.api.requests).toHaveLength(2);
});

test('a GET that another request shares is finished for it', async () => {
  const scene = await startScene(silence);
  const first = open(scene, `{ ${user('u1')} }`);
  await scene.api.until(() => scene.api.requests.length === 1);
  // Its second GET tells that it has joined the first one.
  const second = open(scene, `{ one: ${user('u1')} two: ${user('u2')} }`);
  await scene.api.until(() => scene.api.requests.length === 2);

  first.goAway();
  const third = open(scene, `{ ${user('u3')} }`);
  await scene.api.until(() => scene.api.requests.length === 3);
  expect(scene.api.sockets.size).toBe(3);
  for (const request of scene.api.requests) answerWell(request);

  expect(JSON.parse(await second.answer)).toEqual({ data: { one: { _id: 'u1' }, two: { _id: 'u2' } } });
  await third.answer;
  expect(scene.api.requests).toHaveLength(3);
});

test('another caller’s GET of the same user is not touched', async () => {
  const scene = await startScene(silence);
  const first = open(scene, `{ ${user('u1')} }`);
  const second = open(scene, `{ ${user('u1')} }`, 'another-token');
  await scene.api.until(() => scene.api.requests.length === 2);

  first.goAway();
  await scene.api.until(() => scene.api.sockets.size === 1);
  const [left] = scene.api.requests.filter(({ headers }) => headers.authorization === 'Bearer another-token');
  answerWell(left);
  expect(JSON.parse(await second.answer)).toEqual({ data: { communityUser: { _id: 'u1' } } });
});

test('a client that went away causes no further GET, though one that it shared leads to more', async () => {
  const scene = await startScene(silence);
  const first = open(
    scene,
    `{ communityUser(communityId: "c1", userId: "u1") { _id community { user(userId: "u2") { _id } } } own: ${user('own')} }`,
  );
  await scene.api.until(() => scene.api.requests.length === 2);
  const [shared, own] = scene.api.requests;
  const second = open(scene, `{ one: ${user('u1')} two: ${user('u3')} }`);
  await scene.api.until(() => scene.api.requests.length === 3);

  first.goAway();
  await scene.api.until(() => own !== undefined && !scene.api.sockets.has(own.socket));
  for (const request of [shared, scene.api.requests[2]]) answerWell(request);
  expect(JSON.parse(await second.answer)).toEqual({ data: { one: { _id: 'u1' }, two: { _id: 'u3' } } });
  expect(scene.api.requests.map(({ url }) => url.replace(/.*users/, ''))).toEqual([
    '/u1?_id',
    '/own?_id',
    '/u3?_id',
  ]);
});

test('many clients that come and go leave nothing behind', async () => {
  const scene = await startScene((request) => (request.url.includes('/stay') ? well : silence)(request), {
    UPSTREAM_CONNECTIONS: '4',
  });
  for (let round = 0; round < 20; round++) {
    const requests = Array.from({ length: 10 }, (_, index) =>
      open(scene, `{ ${user(`u${round}-${index}`)} }`),
    );
    const before = scene.api.requests.length;
    await scene.api.until(() => scene.api.requests.length > before);
    for (const { goAway } of requests) goAway();
  }
  expect(JSON.parse(await open(scene, `{ ${user('stay')} }`).answer)).toEqual({
    data: { communityUser: { _id: 'stay' } },
  });
  await scene.api.until(() => scene.api.sockets.size <= 1);

  await untilMetric(scene.layer.url, 'upstream_gets_in_flight 0');
  await untilMetric(scene.layer.url, 'upstream_gets_waiting 0');
});
