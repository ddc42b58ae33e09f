import { boolean, dateTime, integer, string } from '#upstream/field-decoders.ts';
import type { CommunityUser } from '../generated/types.ts';
import { defineEntity, field, link, withheld } from './define-entity.ts';

/** One user of a community: "Community Users · Get user" of the REST API. */
export const communityUser = defineEntity<CommunityUser>()({
  type: 'CommunityUser',
  key: ['communityId', 'userId'],
  path: '/apis/v1/communities/{communityId}/users/{userId}',
  fields: {
    _id: string(),
    id: integer(),
    avatar: string(),
    displayName: string(),
    username: string(),
    firstName: string(),
    lastName: string(),
    email: string(),
    isOnline: boolean(),
    lastLogin: dateTime(),
  },
  existence: '_id',
  matchesIdentity: ([, userId = ''], { _id }) =>
    _id === userId ||
    typeof _id !== 'string' ||
    !OBJECT_ID.test(_id) ||
    !OBJECT_ID.test(userId) ||
    sameId(_id, userId),
  derived: {
    community: link('Community', { id: field('communityId') }),
    isWithheld: withheld('field'),
  },
});

/** Ids of this form name one user; of others nobody promises that `_id` is what the path holds. */
const OBJECT_ID = /^[0-9a-f]{24}$/i;

const sameId = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
