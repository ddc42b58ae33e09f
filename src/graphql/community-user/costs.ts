import type { CommunityUser } from '../generated/resolvers.ts';
import { type FieldCosts, requestedFields } from '../selection/requested-fields.ts';
import { type CommunityUserField, communityUserResource } from './resource.ts';

/**
 * What each field of `CommunityUser` costs at the REST API. The type asks for an entry for every field in the schema: one
 * that is added there does not compile until it is said here what it reads.
 */
const costs: FieldCosts<CommunityUser, CommunityUserField> = {
  communityId: [],
  userId: [],
  community: [],
  _id: ['_id'],
  id: ['id'],
  avatar: ['avatar'],
  displayName: ['displayName'],
  username: ['username'],
  firstName: ['firstName'],
  lastName: ['lastName'],
  email: ['email'],
  isOnline: ['isOnline'],
  lastLogin: ['lastLogin'],
  withheldFields: [],
};

/** The REST fields that the selection below a resolver reads of a `CommunityUser`. */
export const requestedUserFields = requestedFields('CommunityUser', costs, communityUserResource);
