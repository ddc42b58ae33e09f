import { boolean, dateTime, integer, string } from '#upstream/field-decoders.ts';
import { Resource } from '#upstream/resource.ts';

/** The resource that is checked. */
export const communityUserResource = new Resource({
  name: 'communityUser',
  path: '/apis/v1/communities/{communityId}/users/{userId}',
  fields: Object.entries({
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
  }).map(([name, decoder]) => ({ name, decoder })),
  existence: '_id',
  matchesIdentity: ([, userId = ''], { _id }) =>
    typeof _id !== 'string' ||
    !OBJECT_ID.test(_id) ||
    !OBJECT_ID.test(userId) ||
    _id.toLowerCase() === userId.toLowerCase(),
});

const OBJECT_ID = /^[0-9a-f]{24}$/i;
