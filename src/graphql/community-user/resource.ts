import { GraphQLDateTime } from 'graphql-scalars';
import { booleanField, integerField, stringField } from '#upstream/field-decoders.ts';
import { defineResource } from '#upstream/resource.ts';

/**
 * One user of a community, in the words of the REST API ("Community Users · Get user"). The fields stand in the order in
 * which their flags are sent.
 */
export const communityUserResource = defineResource({
  path: '/apis/v1/communities/{communityId}/users/{userId}',
  fields: {
    _id: stringField,
    id: integerField,
    avatar: stringField,
    displayName: stringField,
    username: stringField,
    firstName: stringField,
    lastName: stringField,
    email: stringField,
    isOnline: booleanField,
    lastLogin: dateTimeField,
  },
  existenceField: '_id',
  isAnswerTo: ([, userId = ''], { _id }) =>
    typeof _id !== 'string' || !OBJECT_ID.test(_id) || !OBJECT_ID.test(userId) || sameId(_id, userId),
});

/** A name that the REST API has a flag for. */
export type CommunityUserField = (typeof communityUserResource.fields)[number];

/** Ids of this form name one user; of others nobody promises that `_id` is what the path holds. */
const OBJECT_ID = /^[0-9a-f]{24}$/i;

const sameId = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** An RFC 3339 moment, with the rules of graphql-scalars' `DateTime`; as a `Date`, which that scalar gives out. */
function dateTimeField(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    return GraphQLDateTime.parseValue(value);
  } catch {
    return undefined;
  }
}
