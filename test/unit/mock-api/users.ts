import { communities } from '#mock-api/data.ts';

/** The ordinary users of a community in a fixed order; none for an unknown community. */
export function usersOf(communityId: string) {
  return communities.find(({ id }) => id === communityId)?.users ?? [];
}

/** One ordinary user of a community, or undefined where there is none. */
export function findUser(communityId: string, userId: string) {
  return usersOf(communityId).find(({ _id }) => _id === userId);
}
