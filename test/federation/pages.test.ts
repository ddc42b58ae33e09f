import { describe, expect, test } from 'vitest';
import { type GatewayName, gatewayNames } from '../../examples/federation/gateways/gateway.ts';
import { communityId, gets, userId, userOfNumber } from './rest-api.ts';
import { startTestGraph } from './test-graph.ts';

const numberOfPosts = 50;
const commentsEach = 25;
const numberOfAuthors = 250;

/** Fifty posts with twenty-five comments each; each of 250 users wrote five of the comments. */
const posts = Array.from({ length: numberOfPosts }, (_, post) => ({
  id: `post-${post}`,
  title: `Post ${post}`,
  communityId,
  authorId: userOfNumber(0),
  comments: Array.from({ length: commentsEach }, (_, comment) => ({
    id: `comment-${post}-${comment}`,
    text: `Comment ${comment}`,
    authorId: userOfNumber((post * commentsEach + comment) % numberOfAuthors),
  })),
}));

const query = `query ($communityId: ID!) {
  posts(communityId: $communityId) { title comments { text author { username } } }
}`;

const failingNumbers = [0, 7, 24, 25, 99, 100, 101, 180, 248, 249];

describe.each(gatewayNames)('a page of 50 posts with 25 comments each, behind the %s gateway', (gateway) => {
  test('has all its 250 authors, for one GET each', async () => {
    const graph = await startTestGraph({ gateway, posts });
    const answer = await graph.ask(query, { variables: { communityId } });
    expect(answer).toEqual({
      data: {
        posts: posts.map(({ title, comments }) => ({
          title,
          comments: comments.map(({ text }) => ({ text, author: { username: expect.any(String) } })),
        })),
      },
    });
    const expected = Array.from(
      { length: numberOfAuthors },
      (_, author) => `${userOfNumber(author)}?username`,
    );
    expect(gets(graph.restApi.requests).map(userId)).toEqual(expected.sort());
  });

  test('lacks the ten authors who fail, each place with an error of its own, and no other', async () => {
    const failsFor = failingNumbers.map(userOfNumber);
    const graph = await startTestGraph({ gateway, posts, failsFor });
    const answer = await graph.ask<Page>(query, { variables: { communityId } });
    const missing = places(answer.data, (author) => !author?.username);
    expect(missing).toEqual(
      posts.flatMap(({ comments }, post) =>
        comments.flatMap(({ authorId }, comment) => (failsFor.includes(authorId) ? [[post, comment]] : [])),
      ),
    );
    expect(answer.errors?.map(({ path = [] }) => path).sort(inOrder)).toEqual(
      missing.map((place) => errorPath(gateway, place)).sort(inOrder),
    );
    expect(new Set(answer.errors?.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['UPSTREAM_UNAVAILABLE']),
    );
  });

  test('reads a user once whom two fetches of one plan ask for at the same moment', async () => {
    const comment = { id: 'comment', text: 'Me again.', authorId: userOfNumber(1) };
    const post = { id: 'post', title: 'Post', communityId, authorId: userOfNumber(1), comments: [comment] };
    const author = { username: 'user1' };
    let read: string[] = [];
    // On a busy machine the second fetch may come when the first one is over: then both are given more time.
    for (let delayMs = 200; read.length !== 1 && delayMs < 10_000; delayMs *= 4) {
      const graph = await startTestGraph({ gateway, posts: [post], delayMs });
      const answer = await graph.ask(
        `{ posts(communityId: "${communityId}") { author { username } comments { author { username } } } }`,
      );
      expect(answer).toEqual({ data: { posts: [{ author, comments: [{ author }] }] } });
      read = gets(graph.restApi.requests);
    }
    expect(read).toEqual(['781a?username']);
  });
});

type Place = readonly [post: number, comment: number];

type Page = {
  readonly posts: readonly {
    readonly comments: readonly { readonly author: { readonly username: string | null } | null }[];
  }[];
};

/** The comments whose author is as asked for. */
function places(
  page: Page | undefined,
  isOne: (author: Page['posts'][number]['comments'][number]['author']) => boolean,
): Place[] {
  return (page?.posts ?? []).flatMap(({ comments }, post) =>
    comments.flatMap(({ author }, comment): Place[] => (isOne(author) ? [[post, comment]] : [])),
  );
}

/** Where a gateway says that the author of a comment failed. */
function errorPath(gateway: GatewayName, [post, comment]: Place): readonly (string | number)[] {
  const author = ['posts', post, 'comments', comment, 'author'];
  switch (gateway) {
    case 'apollo':
      return author;
    case 'mercurius':
      // It hands on the path of the subgraph, which counts its representations: one a place, in the order of the page.
      return ['_entities', String(post * commentsEach + comment)];
    default:
      return [...author, 'username'];
  }
}

function inOrder(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}
