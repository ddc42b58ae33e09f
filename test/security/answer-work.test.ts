import { expect, test } from 'vitest';
import { communityId, userId } from '../support/demo.ts';
import { startLayer } from '../support/layer.ts';

test.each([
  ['places of one user', 'id'],
  ['links in each place', 'community { user(userId: "u") { id } }'],
  ['questions in each place', 'isWithheld(field: email)'],
])(
  'an answer with very many %s is refused before any GET, however few its characters',
  async (_, selection) => {
    const layer = await startLayer();
    const query = `query ($communityId: ID!, $userIds: [ID!]!) {
    communityUsers(communityId: $communityId, userIds: $userIds) { ${selection} }
  }`;
    const ask = (places: number) =>
      layer.query(query, { variables: { communityId, userIds: Array(places).fill(userId()) } });
    expect(await ask(25_000)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE' } }],
    });
    expect(layer.requests).toHaveLength(0);
    expect(await ask(1000)).not.toHaveProperty('errors');
  },
);

test('a thousand places count for their characters alone', async () => {
  const layer = await startLayer({ env: { MAX_RESPONSE_BYTES: '100000' } });
  const answer = await layer.query(
    `query ($communityId: ID!, $userIds: [ID!]!) {
      communityUsers(communityId: $communityId, userIds: $userIds) { id }
    }`,
    { variables: { communityId, userIds: Array(1000).fill(userId()) } },
  );
  expect(answer).not.toHaveProperty('errors');
});
