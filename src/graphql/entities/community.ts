import type { Community } from '../generated/types.ts';
import { defineEntity, link, links } from './define-entity.ts';

/** A community: only the place in which users are looked up, so its id is all that there is to it. */
export const community = defineEntity<Community>()({
  type: 'Community',
  key: ['id'],
  derived: {
    user: link('CommunityUser', ({ id }, { userId }) => ({ communityId: id, userId })),
    users: links('CommunityUser', 'userIds', ({ id }, _args, userId) => ({ communityId: id, userId })),
  },
});
