import type { StoredPost } from './posts.ts';

type Page = { readonly first: number };

/** Resolvers of the posts' schema over these posts. Authors go out as their key: this subgraph knows no more. */
export function postsResolvers(posts: readonly StoredPost[]) {
  const latest = (communityId: string, first: number) =>
    posts.filter((post) => post.communityId === communityId).slice(0, first);

  return {
    Query: {
      posts: (_: unknown, { communityId, first }: Page & { communityId: string }) =>
        latest(communityId, first),
    },
    Community: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      posts: ({ id }: { id: string }, { first }: Page) => latest(id, first),
    },
    CommunityUser: { __resolveReference: (user: UserKey) => user },
    Post: {
      __resolveReference: ({ id }: { id: string }) => posts.find((post) => post.id === id) ?? null,
      author,
      comments: ({ communityId, comments }: StoredPost, { first }: Page) =>
        comments.slice(0, first).map((comment) => ({ ...comment, communityId })),
    },
    Comment: { author },
  };
}

type UserKey = { readonly communityId: string; readonly userId: string };

function author({ communityId, authorId }: { communityId: string; authorId: string }): UserKey {
  return { communityId, userId: authorId };
}
