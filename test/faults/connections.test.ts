import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { askUser, dataOf, startScene } from './ask.ts';
import { http, reset, well } from './replies.ts';

const query = 'query ($ids: [ID!]!) { communityUsers(communityId: "c1", userIds: $ids) { _id } }';
const idsOf = (prefix: string) => Array.from({ length: 30 }, (_, index) => `${prefix}${index}`);

test('thirty connections that turn out dead as they are used again are noticed by nobody', async () => {
  const used = new WeakSet<Socket>();
  const scene = await startScene(
    (request) => {
      const first = !used.has(request.socket);
      used.add(request.socket);
      (first ? well : reset)(request);
    },
    { UPSTREAM_ATTEMPTS: '1' },
  );
  for (const prefix of ['a', 'b', 'c']) {
    const answer = await scene.layer.query(query, { variables: { ids: idsOf(prefix) } });
    expect(answer.errors).toBeUndefined();
    expect(dataOf(answer).communityUsers).toEqual(idsOf(prefix).map((_id) => ({ _id })));
  }
  const metrics = await (await fetch(`${scene.layer.url}/metrics`)).text();
  expect(metrics).toMatch(/^upstream_breaker_open 0$/m);
});

test('after a 429 with Retry-After the caller is told to wait, and no further GET is made for it', async () => {
  const scene = await startScene(({ headers, socket, ...request }) =>
    headers.authorization === 'Bearer other'
      ? well({ headers, socket, ...request })
      : socket.write(http(429, '', { 'retry-after': '60' })),
  );
  expect(await askUser(scene, '_id', 'u1')).toMatchObject({ code: 'RATE_LIMITED' });
  const again = await askUser(scene, '_id', 'u2');
  expect(again).toMatchObject({ user: null, code: 'RATE_LIMITED', retryable: true });
  expect(again.extensions.retryAfterSeconds).toBe(60);
  expect(scene.api.requests).toHaveLength(1);

  const other = await scene.layer.query('{ communityUser(communityId: "c1", userId: "u1") { _id } }', {
    token: 'other',
  });
  expect(dataOf(other)).toEqual({ communityUser: { _id: 'u1' } });
});
