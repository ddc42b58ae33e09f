/** The part of the layer's schema that the works use, for every peer. */
export const typeDefs = /* GraphQL */ `
  type Query {
    communityUser(communityId: ID!, userId: ID!): CommunityUser
    communityUsers(communityId: ID!, userIds: [ID!]!): [CommunityUser]!
  }

  type CommunityUser {
    _id: ID
    id: ID
    avatar: String
    displayName: String
    username: String
    firstName: String
    lastName: String
    email: String
    isOnline: Boolean
    lastLogin: String
  }
`;

/** The REST fields, in the order of the API's documentation. */
export const restFields: readonly string[] = [
  ...['_id', 'id', 'avatar', 'displayName', 'username'],
  ...['firstName', 'lastName', 'email', 'isOnline', 'lastLogin'],
];

export interface CommunityUserArgs {
  readonly communityId: string;
  readonly userId: string;
}

export interface CommunityUsersArgs {
  readonly communityId: string;
  readonly userIds: readonly string[];
}

/** A user as the REST API answers it: the fields that were asked for. */
export type RestUser = Record<string, unknown>;
