import type { Community } from '../generated/types.ts';
import { argument, defineEntity, each, field, link } from './define-entity.ts';

/** A community: only the place in which users are looked up, so its id is all that there is to it. */
export const community = defineEntity<Community>()({
  type: 'Community',
  key: ['id'],
  derived: {
    user: link('CommunityUser', { communityId: field('id'), userId: argument('userId') }),
    users: link('CommunityUser', { communityId: field('id'), userId: each('userIds') }),
  },
});
