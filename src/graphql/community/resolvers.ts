import { requestedUserFields } from '../community-user/costs.ts';
import { loadCommunityUser } from '../community-user/load.ts';
import type { CommunityResolvers } from '../generated/resolvers.ts';

/** The users of a community; `id` is a property of `CommunitySource`. */
export const Community: CommunityResolvers = {
  user: ({ id }, { userId }, context, info) =>
    loadCommunityUser(context, id, userId, requestedUserFields(info)),

  users: ({ id }, { userIds }, context, info) => {
    context.places.take(userIds.length, info);
    const fields = requestedUserFields(info);
    return userIds.map((userId) => loadCommunityUser(context, id, userId, fields));
  },
};
