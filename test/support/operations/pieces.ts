import fc from 'fast-check';
import { absentUserId, communityId, otherCommunityId, userId } from '../demo.ts';

/** A piece of GraphQL. */
export type Piece = fc.Arbitrary<string>;

/** Arguments, as text; `name` tells them from others in aliases. */
export interface Argument {
  readonly text: string;
  readonly name: string;
}

/** Chooses by weight. */
export function weighted<Value>(...choices: [number, fc.Arbitrary<Value>][]): fc.Arbitrary<Value> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** Few, so that they come again: good ones, one in both communities, one that is nobody's, and one that is no id. */
const USERS = [userId(0), userId(1), userId(2), userId(299), absentUserId, 'no/id'];
const COMMUNITIES = [communityId, otherCommunityId];

const FIELDS = [
  ...[
    '_id',
    'id',
    'avatar',
    'displayName',
    'username',
    'firstName',
    'lastName',
    'email',
    'isOnline',
    'lastLogin',
  ],
  ...['communityId', 'userId', 'withheldFields', '__typename'],
];

const condition = weighted(
  [2, fc.constantFrom('true', 'false')],
  [5, fc.constantFrom('$b0', '$b1', '$b2', '$b3')],
);
const skip = condition.map((value) => ` @skip(if: ${value})`);
const include = condition.map((value) => ` @include(if: ${value})`);

/** None, one or both of `@skip` and `@include`. */
export const directives: Piece = weighted(
  [32, fc.constant('')],
  [2, skip],
  [2, include],
  [1, fc.tuple(skip, include).map((both) => both.join(''))],
);

/** A field of a user. The alias belongs to the field, so that one alias never stands for two fields. */
export const leaf: Piece = fc
  .tuple(fc.constantFrom('', '', 'x', 'y', 'z_'), fc.constantFrom(...FIELDS), directives)
  .map(([alias, field, when]) => `${alias && `${alias}${field}: `}${field}${when}`);

const literalUser: fc.Arbitrary<Argument> = fc
  .nat(USERS.length - 1)
  .map((at) => ({ text: `"${USERS[at]}"`, name: `n${at}` }));
const variable = (name: string): fc.Arbitrary<Argument> => fc.constant({ text: `$${name}`, name });

/** The id of a user; `$u2` is of a type that can be null. */
export const user = weighted([4, literalUser], [1, variable('u0')], [1, variable('u1')], [1, variable('u2')]);

export const community: fc.Arbitrary<Argument> = weighted(
  [4, fc.constant({ text: `"${communityId}"`, name: 'C' })],
  [1, fc.constant({ text: `"${otherCommunityId}"`, name: 'O' })],
  [3, variable('c')],
);

const listedUser = weighted([12, literalUser], [4, variable('u0')], [4, variable('u1')], [1, variable('u2')]);

/** Ids of users: a list, a single one in its place, or a variable. */
export const users: fc.Arbitrary<Argument> = weighted(
  [4, listOf(listedUser, 0, 4)],
  [1, literalUser.map(({ text, name }) => ({ text, name: `only${name}` }))],
  [3, variable('us')],
);

const literalCommunity = community.filter(({ text }) => !text.startsWith('$'));
const representation = weighted(
  [6, fc.tuple(literalCommunity, literalUser).map(userRepresentation)],
  [1, fc.tuple(community, user).map(userRepresentation)],
  [4, literalCommunity.map(({ text, name }) => ({ text: `{ __typename: "Community", id: ${text} }`, name }))],
);

/** Representations of entities. */
export const representations: fc.Arbitrary<Argument> = weighted(
  [1, listOf(representation, 1, 3)],
  [1, variable('reps')],
);

function userRepresentation([c, u]: [Argument, Argument]): Argument {
  const text = `{ __typename: "CommunityUser", communityId: ${c.text}, userId: ${u.text} }`;
  return { text, name: c.name + u.name };
}

function listOf(items: fc.Arbitrary<Argument>, minLength: number, maxLength: number): fc.Arbitrary<Argument> {
  return fc.array(items, { minLength, maxLength }).map((all) => ({
    text: `[${all.map(({ text }) => text).join(', ')}]`,
    name: all.map(({ name }) => name).join(''),
  }));
}

/** How the variables are declared; only those that an operation uses are. */
export const declarations = {
  c: 'ID!',
  u0: 'ID!',
  u1: 'ID!',
  u2: `ID = "${userId(1)}"`,
  us: '[ID!]!',
  b0: 'Boolean!',
  b1: 'Boolean = true',
  b2: 'Boolean! = false',
  b3: 'Boolean!',
  reps: '[_Any!]!',
};

const userValue = fc.constantFrom(...USERS);
const communityValue = fc.constantFrom(...COMMUNITIES);
const orLeftOut = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

/** Values of the variables. Those with a default may be left out. */
export const variables = fc.record({
  c: communityValue,
  u0: userValue,
  u1: userValue,
  u2: orLeftOut(userValue),
  us: fc.array(userValue, { maxLength: 5 }),
  b0: fc.boolean(),
  b1: orLeftOut(fc.boolean()),
  b2: orLeftOut(fc.boolean()),
  b3: fc.boolean(),
  reps: fc.array(
    fc.oneof(
      fc.record(
        { __typename: fc.constant('CommunityUser'), communityId: communityValue, userId: userValue },
        { noNullPrototype: true },
      ),
      fc.record({ __typename: fc.constant('Community'), id: communityValue }, { noNullPrototype: true }),
    ),
    { maxLength: 4 },
  ),
});
