import type { Query } from '../generated/types.ts';
import { defineEntity, link, links } from './define-entity.ts';

/** The entry points of the graph, but for those that federation adds. */
export const query = defineEntity<Query>()({
  type: 'Query',
  key: [],
  derived: {
    communityUser: link('CommunityUser', (_root, { communityId, userId }) => ({ communityId, userId })),
    communityUsers: links('CommunityUser', 'userIds', (_root, { communityId }, userId) => ({
      communityId,
      userId,
    })),
  },
});
