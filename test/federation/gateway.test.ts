import { describe, expect, test } from 'vitest';
import { type GatewayName, gatewayNames } from '../../examples/federation/gateways/gateway.ts';
import { communityId, gets, userId } from './rest-api.ts';
import { startTestGraph } from './test-graph.ts';

// Mercurius plans no fetches: it asks for each reference that it meets, whatever is selected there, and takes what comes
// as it is. The others merge it with the key that they have.
const asksForEachReference = (gateway: GatewayName) => gateway === 'mercurius';

const posts = (selection: string) => `{ posts(communityId: "${communityId}") { ${selection} } }`;

describe.each(gatewayNames)('behind the %s gateway', (gateway) => {
  test('each author of the posts is one GET, with exactly the fields that the client selected', async () => {
    const graph = await startTestGraph({ gateway, authors: ['7819', '781a', '7819'] });
    const answer = await graph.ask(
      `query ($communityId: ID!, $withAvatar: Boolean!) {
        posts(communityId: $communityId) { title author { shown: displayName ...Login avatar @include(if: $withAvatar) } }
      }
      fragment Login on CommunityUser { ... on CommunityUser { username } displayName }`,
      { variables: { communityId, withAvatar: false } },
    );
    const admin = { shown: 'Admin', username: 'admin', displayName: 'Admin' };
    expect(answer).toEqual({
      data: {
        posts: [
          { title: 'Post 0', author: admin },
          { title: 'Post 1', author: expect.objectContaining({ username: 'user1' }) },
          { title: 'Post 2', author: admin },
        ],
      },
    });
    expect(graph.restApi.requests.map(({ url }) => url).sort()).toEqual([
      `/apis/v1/communities/${communityId}/users/${userId('7819')}?displayName&username`,
      `/apis/v1/communities/${communityId}/users/${userId('781a')}?displayName&username`,
    ]);
  });

  test('50 posts by 7 authors are 7 GETs', async () => {
    const graph = await startTestGraph({ gateway });
    const answer = await graph.ask(posts('author { isOnline }'));
    expect(answer).toEqual({
      data: { posts: Array(50).fill({ author: { isOnline: expect.any(Boolean) } }) },
    });
    expect(gets(graph.restApi.requests)).toEqual(
      ['7819', '781a', '781b', '781c', '781d', '781e', '781f'].map((author) => `${author}?isOnline`),
    );
  });

  test("an author's key costs no GET: the posts know it", async () => {
    const graph = await startTestGraph({ gateway, authors: ['7819'] });
    const answer = await graph.ask(posts('author { communityId userId }'));
    expect(answer).toEqual({ data: { posts: [{ author: { communityId, userId: userId('7819') } }] } });
    expect(gets(graph.restApi.requests)).toEqual(asksForEachReference(gateway) ? ['7819?_id'] : []);
  });

  test("the caller's token and request id reach the REST API", async () => {
    const graph = await startTestGraph({ gateway, authors: ['7819', '781b'] });
    const answer = await graph.ask(posts('author { email hidden: isWithheld(field: email) }'), {
      token: 'demo-member',
      requestId: 'request-1',
    });
    const handedOn = { authorization: 'Bearer demo-member', 'x-request-id': 'request-1' };
    expect(graph.restApi.requests.map(({ headers }) => headers)).toEqual([
      expect.objectContaining(handedOn),
      expect.objectContaining(handedOn),
    ]);
    // Number 2 is the member who asks: nothing of their own is withheld.
    expect(answer).toEqual({
      data: {
        posts: [
          { author: { email: null, hidden: true } },
          { author: { email: 'user2@example.com', hidden: false } },
        ],
      },
    });
  });

  test('without a token the posts are whole, their authors are not, and nothing is read', async () => {
    const graph = await startTestGraph({ gateway, authors: ['7819'] });
    const answer = await graph.ask(posts('title author { userId displayName }'), { token: null });
    expect(answer.data).toEqual({
      posts: [
        {
          title: 'Post 0',
          author: asksForEachReference(gateway) ? null : { userId: userId('7819'), displayName: null },
        },
      ],
    });
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    expect(gets(graph.restApi.requests)).toEqual([]);
  });

  test('an author who fails leaves the other posts whole', async () => {
    const graph = await startTestGraph({
      gateway,
      authors: ['7819', '781a', '781b'],
      failsFor: [userId('781a')],
    });
    const answer = await graph.ask(posts('title author { username reputation }'));
    expect(answer.data).toEqual({
      posts: [
        { title: 'Post 0', author: { username: 'admin', reputation: expect.any(Number) } },
        {
          title: 'Post 1',
          author: asksForEachReference(gateway) ? null : { username: null, reputation: expect.any(Number) },
        },
        { title: 'Post 2', author: { username: 'user2', reputation: expect.any(Number) } },
      ],
    });
    expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([
      expect.objectContaining({
        code: 'UPSTREAM_UNAVAILABLE',
        retryable: true,
        requestId: expect.any(String),
      }),
    ]);
  });

  test('an absent author is null, or has fields of null, without an error', async () => {
    const graph = await startTestGraph({ gateway, authors: ['7fff', '781a'] });
    const answer = await graph.ask(posts('title author { username }'));
    expect(answer).toEqual({
      data: {
        posts: [
          { title: 'Post 0', author: asksForEachReference(gateway) ? null : { username: null } },
          { title: 'Post 1', author: { username: 'user1' } },
        ],
      },
    });
    expect(gets(graph.restApi.requests)).toEqual(['781a?username', '7fff?username']);
  });

  test('an absent author is null where a field that cannot be null is selected', async () => {
    const graph = await startTestGraph({ gateway, authors: ['7fff', '781a'] });
    const answer = await graph.ask(posts('title author { username isWithheld(field: email) }'));
    expect(answer.data).toEqual({
      posts: [
        { title: 'Post 0', author: null },
        { title: 'Post 1', author: { username: 'user1', isWithheld: false } },
      ],
    });
  });

  test('another subgraph can give a user a field of its own', async () => {
    const graph = await startTestGraph({ gateway });
    const answer = await graph.ask(
      `{ communityUser(communityId: "${communityId}", userId: "${userId('7819')}") { reputation } }`,
    );
    expect(answer).toEqual({ data: { communityUser: { reputation: 81 } } });
    expect(gets(graph.restApi.requests)).toEqual(['7819?_id']);
  });

  test('another subgraph can give a community a field of its own', async () => {
    const graph = await startTestGraph({ gateway, authors: ['781a'] });
    const answer = await graph.ask(
      `{ communityUser(communityId: "${communityId}", userId: "${userId('7819')}") {
        displayName
        community { posts { title author { firstName } } }
      } }`,
    );
    expect(answer).toEqual({
      data: {
        communityUser: {
          displayName: 'Admin',
          community: { posts: [{ title: 'Post 0', author: { firstName: expect.any(String) } }] },
        },
      },
    });
    expect(gets(graph.restApi.requests)).toEqual(['7819?displayName', '781a?firstName']);
  });
});
