import { communityUser } from '#graphql/entities/community-user.ts';

const { resource } = communityUser;
if (resource === undefined) throw new TypeError('CommunityUser has no REST resource to check.');

/** The resource that is checked: what the layer reads users with. */
export const communityUserResource = resource;
