import fc from 'fast-check';
import { COMMUNITIES, FLAGS, USERS } from './world.ts';

/** A piece of GraphQL. */
export type Piece = fc.Arbitrary<string>;

/** Chooses by weight. */
export function weighted<Value>(...choices: [number, fc.Arbitrary<Value>][]): fc.Arbitrary<Value> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

const literalUser = weighted(
  [12, fc.constantFrom(...USERS).map((id) => JSON.stringify(id))],
  [1, fc.constantFrom('8', '"no/id"', '9007199254740993')],
);
const literalCommunity = weighted(
  [8, fc.constantFrom(...COMMUNITIES).map((id) => JSON.stringify(id))],
  [1, fc.constantFrom('""', '".."', '77')],
);

/** The id of a user: a literal or a variable. */
export const userId = weighted([5, literalUser], [3, fc.constantFrom('$u0', '$u1', '$u2')]);

export const communityId = weighted([5, literalCommunity], [3, fc.constantFrom('$c0', '$c1')]);

/** Ids of users: a list, a single one in its place, or a variable. */
export const userIds = weighted(
  [4, listOf(userId, 0, 4)],
  [1, literalUser],
  [3, fc.constantFrom('$us0', '$us1')],
);

/** The field that `isWithheld` asks about. */
export const withheldField = weighted([4, fc.constantFrom(...FLAGS)], [4, fc.constantFrom('$f0', '$f1')]);

const literalUserEntity = fc
  .record({ communityId, userId, more: fc.constantFrom('', ', email: "mine"', ', _id: $n0') })
  .map(
    ({ communityId: c, userId: u, more }) =>
      `{ __typename: "CommunityUser", communityId: ${c}, userId: ${u}${more} }`,
  );
const literalEntity = weighted(
  [6, literalUserEntity],
  [4, communityId.map((id) => `{ id: ${id}, __typename: "Community" }`)],
  [1, fc.constantFrom('{}', '7', '"Community"', '[]', 'CommunityUser', '{ __typename: [$n0] }')],
  [1, fc.constantFrom('{ __typename: Community, id: "c1" }', '{ __typename: $n0, id: "c1" }')],
  [2, fc.constantFrom('$r0', '$r1')],
);

/** Representations of entities. */
export const representations = weighted(
  [2, listOf(literalEntity, 0, 4)],
  [1, literalUserEntity],
  [3, fc.constant('$rs')],
);

function listOf(items: Piece, minLength: number, maxLength: number): Piece {
  return fc.array(items, { minLength, maxLength }).map((all) => `[${all.join(', ')}]`);
}
