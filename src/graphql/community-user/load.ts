import type { FieldSet } from '../../upstream/resource.ts';
import type { GraphQLContext } from '../context.ts';
import { communityUserResource } from './resource.ts';
import { CommunityUserSource } from './source.ts';

/**
 * Loads what one selection reads of a user; null where the community has no such user.
 * @throws UpstreamError where it cannot be had
 */
export async function loadCommunityUser(
  { loader }: GraphQLContext,
  communityId: string,
  userId: string,
  fields: FieldSet,
): Promise<CommunityUserSource | null> {
  const item = await loader.load({
    resource: communityUserResource,
    identifiers: [communityId, userId],
    fields,
  });
  return item === null ? null : new CommunityUserSource(communityId, userId, fields, item);
}
