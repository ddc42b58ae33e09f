/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query Directory($communityId: ID!, $userIds: [ID!]!) {\n    communityUsers(communityId: $communityId, userIds: $userIds) {\n      communityId\n      userId\n      ...MemberCard\n    }\n  }\n": typeof types.DirectoryDocument,
    "\n  fragment MemberCard on CommunityUser {\n    communityId\n    userId\n    displayName\n    username\n    isOnline\n  }\n": typeof types.MemberCardFragmentDoc,
    "\n  fragment MemberDetails on CommunityUser {\n    id\n    firstName\n    lastName\n    email\n    emailHidden: isWithheld(field: email)\n    lastLogin\n    lastLoginHidden: isWithheld(field: lastLogin)\n    avatar\n  }\n": typeof types.MemberDetailsFragmentDoc,
    "\n  query Profile($communityId: ID!, $userId: ID!, $withCard: Boolean!) {\n    communityUser(communityId: $communityId, userId: $userId) {\n      communityId\n      userId\n      ...MemberCard @include(if: $withCard)\n      ...MemberDetails\n    }\n  }\n": typeof types.ProfileDocument,
};
const documents: Documents = {
    "\n  query Directory($communityId: ID!, $userIds: [ID!]!) {\n    communityUsers(communityId: $communityId, userIds: $userIds) {\n      communityId\n      userId\n      ...MemberCard\n    }\n  }\n": types.DirectoryDocument,
    "\n  fragment MemberCard on CommunityUser {\n    communityId\n    userId\n    displayName\n    username\n    isOnline\n  }\n": types.MemberCardFragmentDoc,
    "\n  fragment MemberDetails on CommunityUser {\n    id\n    firstName\n    lastName\n    email\n    emailHidden: isWithheld(field: email)\n    lastLogin\n    lastLoginHidden: isWithheld(field: lastLogin)\n    avatar\n  }\n": types.MemberDetailsFragmentDoc,
    "\n  query Profile($communityId: ID!, $userId: ID!, $withCard: Boolean!) {\n    communityUser(communityId: $communityId, userId: $userId) {\n      communityId\n      userId\n      ...MemberCard @include(if: $withCard)\n      ...MemberDetails\n    }\n  }\n": types.ProfileDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Directory($communityId: ID!, $userIds: [ID!]!) {\n    communityUsers(communityId: $communityId, userIds: $userIds) {\n      communityId\n      userId\n      ...MemberCard\n    }\n  }\n"): (typeof documents)["\n  query Directory($communityId: ID!, $userIds: [ID!]!) {\n    communityUsers(communityId: $communityId, userIds: $userIds) {\n      communityId\n      userId\n      ...MemberCard\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MemberCard on CommunityUser {\n    communityId\n    userId\n    displayName\n    username\n    isOnline\n  }\n"): (typeof documents)["\n  fragment MemberCard on CommunityUser {\n    communityId\n    userId\n    displayName\n    username\n    isOnline\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MemberDetails on CommunityUser {\n    id\n    firstName\n    lastName\n    email\n    emailHidden: isWithheld(field: email)\n    lastLogin\n    lastLoginHidden: isWithheld(field: lastLogin)\n    avatar\n  }\n"): (typeof documents)["\n  fragment MemberDetails on CommunityUser {\n    id\n    firstName\n    lastName\n    email\n    emailHidden: isWithheld(field: email)\n    lastLogin\n    lastLoginHidden: isWithheld(field: lastLogin)\n    avatar\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Profile($communityId: ID!, $userId: ID!, $withCard: Boolean!) {\n    communityUser(communityId: $communityId, userId: $userId) {\n      communityId\n      userId\n      ...MemberCard @include(if: $withCard)\n      ...MemberDetails\n    }\n  }\n"): (typeof documents)["\n  query Profile($communityId: ID!, $userId: ID!, $withCard: Boolean!) {\n    communityUser(communityId: $communityId, userId: $userId) {\n      communityId\n      userId\n      ...MemberCard @include(if: $withCard)\n      ...MemberDetails\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;