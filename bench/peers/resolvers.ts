import type { GraphQLResolveInfo } from 'graphql';
import type { CommunityUserArgs, CommunityUsersArgs, RestUser } from './schema.ts';
import { selectedFields } from './selected-fields.ts';
import type { UserLoader } from './user-loader.ts';

interface Context {
  readonly users: UserLoader;
}

/** The resolvers that Yoga and Mercurius share: selection to flags, and one GET a user through the loader. */
export const resolvers = {
  Query: {
    communityUser: (
      _root: unknown,
      args: CommunityUserArgs,
      context: Context,
      info: GraphQLResolveInfo,
    ): Promise<RestUser | null> => context.users.load({ ...args, fields: selectedFields(info) }),

    communityUsers: (
      _root: unknown,
      { communityId, userIds }: CommunityUsersArgs,
      context: Context,
      info: GraphQLResolveInfo,
    ): Promise<(RestUser | null | Error)[]> => {
      const fields = selectedFields(info);
      return context.users.loadMany(userIds.map((userId) => ({ communityId, userId, fields })));
    },
  },
};
