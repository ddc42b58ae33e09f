import type { FieldSet } from '#upstream/resource.ts';
import type { GraphQLContext } from '../context.ts';
import { communityUserResource } from './resource.ts';
import { CommunityUserSource } from './source.ts';

/**
 * Loads what one selection reads of a user; null where the community has no such user, an error where it cannot be had.
 *
 * The error is given, not thrown. An executor makes the same of both, except that graphql-jit 0.8 puts the null for an
 * item whose promise was rejected at the end of the list instead of into its place.
 */
export function loadCommunityUser(
  { loader }: GraphQLContext,
  communityId: string,
  userId: string,
  fields: FieldSet,
): Promise<CommunityUserSource | Error | null> {
  return loader
    .load({ resource: communityUserResource, identifiers: [communityId, userId], fields })
    .then((item) => item && new CommunityUserSource(communityId, userId, fields, item), asError);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
