/** A post as this subgraph stores it: of its author it knows the identifier alone. */
export type StoredPost = {
  readonly id: string;
  readonly title: string;
  readonly communityId: string;
  readonly authorId: string;
  readonly comments: readonly StoredComment[];
};

/** A comment on a post, by a user of the post's community. */
export type StoredComment = { readonly id: string; readonly text: string; readonly authorId: string };

const communityId = '61100af5c548eb5c7ebc0001';

const authorIds = ['7819', '781a', '781b', '781c', '781d', '781e', '781f'].map(
  (end) => `61100af5c548eb5c7ebc${end}`,
);

const subjects = [
  'Welcome',
  'Rules of the house',
  'Introduce yourself',
  'Meetup',
  'What I learned this week',
];

const remarks = ['Thank you!', 'I would like to come.', 'Could you say more about that?'];

/** Fifty posts by seven users of the demo community, each with three comments; the same at every start. */
export const demoPosts: readonly StoredPost[] = Array.from({ length: 50 }, (_, index) => {
  const id = `post-${50 - index}`;
  return {
    id,
    title: `${subjects[index % subjects.length]} #${50 - index}`,
    communityId,
    authorId: authorAt(index),
    comments: remarks.map((text, place) => ({
      id: `${id}-${place + 1}`,
      text,
      authorId: authorAt(index + place + 1),
    })),
  };
});

function authorAt(index: number): string {
  return authorIds[index % authorIds.length] ?? '';
}
