import type { Query } from '../generated/types.ts';
import { argument, defineEntity, each, link } from './define-entity.ts';

/** The entry points of the graph, but for those that federation adds. */
export const query = defineEntity<Query>()({
  type: 'Query',
  key: [],
  derived: {
    communityUser: link('CommunityUser', {
      communityId: argument('communityId'),
      userId: argument('userId'),
    }),
    communityUsers: link('CommunityUser', { communityId: argument('communityId'), userId: each('userIds') }),
  },
});
