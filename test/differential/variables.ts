import fc from 'fast-check';
import { weighted } from './arguments.ts';
import { COMMUNITIES, FLAGS, USERS } from './world.ts';

/** How the variables are declared; an operation declares those that it uses. */
export const DECLARATIONS: Readonly<Record<string, string>> = {
  c0: 'ID!',
  c1: 'ID = "c1"',
  u0: 'ID!',
  u1: 'ID! = "u1"',
  u2: 'ID = "u2"',
  us0: '[ID!]!',
  us1: '[ID!] = ["u1", "u3"]',
  f0: 'CommunityUserField!',
  f1: 'CommunityUserField = email',
  b0: 'Boolean!',
  b1: 'Boolean = true',
  b2: 'Boolean! = false',
  b3: 'Boolean = false',
  n0: 'ID',
  r0: '_Any!',
  r1: '_Any = { __typename: "CommunityUser", communityId: "c1", userId: "u2" }',
  rs: '[_Any!]!',
  t0: 'String = "CommunityUser"',
};

const user = weighted<unknown>([20, fc.constantFrom(...USERS)], [2, fc.constantFrom(8, -1, 'no/id', '')]);
const community = weighted<unknown>([20, fc.constantFrom(...COMMUNITIES)], [1, fc.constantFrom(77, '..')]);
const notAnId = fc.constantFrom<unknown[]>(true, {}, [], 1.5, 2 ** 53);

const keyPart = (good: fc.Arbitrary<unknown>) =>
  weighted<unknown>(
    [30, good],
    [1, fc.constantFrom<unknown[]>(null, true, 1.5, 2 ** 53, -(2 ** 60), [], { id: 1 })],
  );

/** Representations as routers send them, and others. */
const representation = weighted<unknown>(
  [
    10,
    fc.record({
      __typename: fc.constant('CommunityUser'),
      communityId: keyPart(community),
      userId: keyPart(user),
    }),
  ],
  [5, fc.record({ id: keyPart(community), __typename: fc.constant('Community') })],
  [
    2,
    fc.record({
      userId: keyPart(user),
      email: fc.constant('mine'),
      _id: fc.constant('u9'),
      communityId: keyPart(community),
      __typename: fc.constant('CommunityUser'),
    }),
  ],
  [1, fc.record({ __typename: fc.constantFrom('CommunityUser', 'Community'), userId: user })],
  [
    1,
    fc.record({
      __typename: fc.constantFrom<unknown[]>(
        'Query',
        'User',
        '__proto__',
        'constructor',
        '',
        5,
        null,
        ['CommunityUser'],
        { a: 1 },
      ),
      id: community,
      communityId: community,
      userId: user,
    }),
  ],
  [
    1,
    fc.constantFrom<unknown[]>(
      7,
      'CommunityUser',
      true,
      [],
      [{ __typename: 'Community', id: 'c1' }],
      {},
      JSON.parse('{ "__proto__": { "__typename": "Community", "id": "c1" } }'),
      JSON.parse('{ "__typename": "CommunityUser", "__proto__": { "communityId": "c1", "userId": "u1" } }'),
    ),
  ],
);

/** How often a variable is left out, or null, where it may be. */
const ABSENCE = {
  needed: { absent: 0, isNull: 0 },
  absent: { absent: 10, isNull: 0 },
  null: { absent: 10, isNull: 8 },
  oftenNull: { absent: 5, isNull: 30 },
};

/** Mostly good values; now and then none, or one that is refused. */
function value(
  good: fc.Arbitrary<unknown>,
  mayBe: keyof typeof ABSENCE,
  wrong: fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const { absent, isNull } = ABSENCE[mayBe];
  return weighted<unknown>(
    [40, good],
    [absent, fc.constant(undefined)],
    [isNull, fc.constant(null)],
    [1, weighted([4, wrong], [1, fc.constant(undefined)], [1, fc.constant(null)])],
  );
}

/** Values of the variables; undefined where one is left out. */
export const variableValues: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.record({
  c0: value(community, 'needed', notAnId),
  c1: value(community, 'null', notAnId),
  u0: value(user, 'needed', notAnId),
  u1: value(user, 'absent', notAnId),
  u2: value(user, 'null', notAnId),
  us0: value(weighted<unknown>([8, fc.array(user, { maxLength: 5 })], [1, user]), 'needed', wrongList()),
  us1: value(fc.array(user, { maxLength: 3 }), 'oftenNull', wrongList()),
  f0: value(fc.constantFrom(...FLAGS), 'needed', fc.constantFrom<unknown[]>('password', 5, {})),
  f1: value(fc.constantFrom(...FLAGS), 'oftenNull', fc.constantFrom<unknown[]>('toString', true)),
  b0: value(fc.boolean(), 'needed', fc.constantFrom<unknown[]>('true', 1, {})),
  b1: value(fc.boolean(), 'null', fc.constantFrom<unknown[]>('', 0)),
  b2: value(fc.boolean(), 'absent', fc.constantFrom<unknown[]>('false', [])),
  b3: value(fc.boolean(), 'null', fc.constantFrom<unknown[]>('null', 2)),
  n0: value(fc.constantFrom('Community', 'c1'), 'null', notAnId),
  r0: value(representation, 'needed', fc.constant(null)),
  r1: value(representation, 'null', fc.constant(null)),
  rs: value(
    weighted<unknown>([8, fc.array(representation, { maxLength: 6 })], [1, representation]),
    'needed',
    fc.constant([null]),
  ),
  t0: value(
    fc.constantFrom('CommunityUser', 'Query', 'CommunityUserField', 'User', 'toString'),
    'null',
    fc.constant(5),
  ),
});

function wrongList(): fc.Arbitrary<unknown> {
  return fc.constantFrom<unknown[]>(
    [null],
    ['u1', {}],
    ['u1', true, null],
    Array.from({ length: 60 }, () => ({})),
    {},
  );
}
