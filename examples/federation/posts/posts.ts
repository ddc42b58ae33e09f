/** A post as this subgraph stores it: of its author it knows the identifier alone. */
export type StoredPost = {
  readonly id: string;
  readonly title: string;
  readonly communityId: string;
  readonly authorId: string;
};

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

/** Fifty posts by seven users of the demo community, the same at every start. */
export const demoPosts: readonly StoredPost[] = Array.from({ length: 50 }, (_, index) => ({
  id: `post-${50 - index}`,
  title: `${subjects[index % subjects.length]} #${50 - index}`,
  communityId,
  authorId: authorIds[index % authorIds.length] ?? '',
}));
