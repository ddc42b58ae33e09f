import type { QueryResolvers } from '../generated/resolvers.ts';
import { requestedUserFields } from './costs.ts';
import { loadCommunityUser } from './load.ts';

/** The entry points to users. The fields of a user need no resolvers: they are properties of `CommunityUserSource`. */
export const Query: QueryResolvers = {
  communityUser: (_root, { communityId, userId }, context, info) =>
    loadCommunityUser(context, communityId, userId, requestedUserFields(info)),

  communityUsers: (_root, { communityId, userIds }, context, info) => {
    context.places.take(userIds.length, info);
    const fields = requestedUserFields(info);
    return userIds.map((userId) => loadCommunityUser(context, communityId, userId, fields));
  },
};
