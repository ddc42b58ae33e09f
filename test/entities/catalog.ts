import {
  argument,
  computed,
  defineEntity,
  each,
  field,
  link,
  withheld,
} from '#graphql/entities/define-entity.ts';
import type { MockResource } from '#mock-api/resource.ts';
import { boolean, type FieldDecoder, int32, number, string } from '#upstream/field-decoders.ts';
import { communityId } from '../support/demo.ts';

/** Names of the seventy fields of a `Profile`. */
export const answers = Array.from({ length: 70 }, (_, index) => `answer${index}`);

/** A schema that has nothing of ours in it. */
export const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])

  type Query {
    account(userId: ID!): Account
    settings(userId: ID): Settings
    badge(communityId: ID!, badgeId: ID!): Badge
    badges(communityId: ID!, badgeIds: [ID!]!): [Badge]!
    certainBadges(communityId: ID!, badgeIds: [ID!]!): [Badge!]
    profile(profileId: ID!): Profile
  }

  type Account @key(fields: "userId") {
    userId: ID!
    name: String
    phone: String
    points: Int
    profile: Profile
    next: Account
    badges(communityId: ID!, badgeIds: [ID!]!): [Badge]!
    isWithheld(field: AccountField!): Boolean!
  }
  enum AccountField { name phone points }

  type Settings @key(fields: "userId") {
    userId: ID!
    theme: String
    phone: String
  }

  type Badge @key(fields: "badgeId communityId") {
    communityId: ID!
    badgeId: ID!
    name: String
    weight: Float
    isRare: Boolean
    ownerId: ID
    owner: Account
    ofOwner(badgeId: ID!): Badge
    label: String
    stars: Int
  }

  type Profile @key(fields: "profileId") {
    profileId: ID!
    ${answers.map((name) => `${name}: String`).join('\n')}
    isHidden(answer: ProfileField!): Boolean!
  }
  enum ProfileField { ${answers.join(' ')} }
`;

interface Query {
  account: unknown;
  settings: unknown;
  badge: unknown;
  badges: unknown;
  certainBadges: unknown;
  profile: unknown;
}

const query = defineEntity<Query>()({
  type: 'Query',
  key: [],
  derived: {
    account: link('Account', { userId: argument('userId') }),
    settings: link('Settings', { userId: argument('userId') }),
    badge: link('Badge', { communityId: argument('communityId'), badgeId: argument('badgeId') }),
    badges: link('Badge', { badgeId: each('badgeIds'), communityId: argument('communityId') }),
    certainBadges: link('Badge', { communityId: argument('communityId'), badgeId: each('badgeIds') }),
    profile: link('Profile', { profileId: argument('profileId') }),
  },
});

interface Account {
  userId: string;
  name: string;
  phone: string;
  points: number;
  profile: unknown;
  next: unknown;
  badges: unknown;
  isWithheld: boolean;
}

/** One key. */
const account = defineEntity<Account>()({
  type: 'Account',
  key: ['userId'],
  path: '/apis/v1/users/{userId}',
  fields: { name: string(), phone: string(), points: int32() },
  existence: 'name',
  derived: {
    profile: link('Profile', { profileId: field('userId') }),
    next: link('Account', { userId: computed([], ({ userId }) => String(BigInt(String(userId)) + 1n)) }),
    badges: link('Badge', { communityId: argument('communityId'), badgeId: each('badgeIds') }),
    isWithheld: withheld('field'),
  },
});

interface Settings {
  userId: string;
  theme: string;
  phone: string;
}

/** The same path as that of an account, with other fields in other places. */
const settings = defineEntity<Settings>()({
  type: 'Settings',
  key: ['userId'],
  path: '/apis/v1/users/{userId}',
  fields: { theme: string(), phone: string() },
  existence: 'theme',
  derived: {},
});

interface Badge {
  communityId: string;
  badgeId: string;
  name: string;
  weight: number;
  isRare: boolean;
  ownerId: string;
  owner: unknown;
  ofOwner: unknown;
  label: string;
  stars: number;
}

/** A key of two parts, a link that reads a REST field, and computed fields. */
const badge = defineEntity<Badge>()({
  type: 'Badge',
  key: ['communityId', 'badgeId'],
  path: '/apis/v1/communities/{communityId}/badges/{badgeId}',
  fields: { name: string(), weight: number(), isRare: boolean(), ownerId: string() },
  existence: 'name',
  matchesIdentity: ([, badgeId], { name }) => name !== `not ${badgeId}`,
  derived: {
    owner: link('Account', { userId: field('ownerId') }),
    ofOwner: link('Badge', { communityId: field('ownerId'), badgeId: argument('badgeId') }),
    label: computed(['name', 'weight'], ({ badgeId, name, weight }) =>
      name === null ? null : `${badgeId}: ${name}, ${weight} g`,
    ),
    stars: computed(['weight'], ({ weight }) => Number(weight) / 2),
  },
});

type Answer = `answer${number}`;
type Profile = Record<'profileId' | 'isHidden' | Answer, unknown>;

/** More fields than one number has bits. */
const profile = defineEntity<Profile>()({
  type: 'Profile',
  key: ['profileId'],
  path: '/apis/v1/profiles/{profileId}',
  fields: Object.fromEntries(answers.map((name) => [name, string()])) as Record<Answer, FieldDecoder>,
  existence: 'answer0',
  derived: { isHidden: withheld('answer') },
});

export const entities = [query, account, settings, badge, profile];

/** What the REST API has: `ada` and `bob`, badges of `ada`, of nobody and broken ones, and the profile of `ada`. */
export const resources: readonly MockResource[] = [
  {
    path: '/apis/v1/users/{userId}',
    message: 'Get account success.',
    protectedFields: ['phone'],
    items: [
      { key: ['ada'], data: { name: 'Ada', phone: '1', points: 12, theme: 'dark' } },
      { key: ['bob'], data: { name: 'Bob', phone: '2', points: 2 ** 31, theme: null } },
      { key: ['busy'], data: {}, behavior: { statusCode: 503 } },
    ],
  },
  {
    path: '/apis/v1/communities/{communityId}/badges/{badgeId}',
    message: 'Get badge success.',
    protectedFields: [],
    items: [
      badgeItem('gold', { name: 'Gold', weight: 20, isRare: true, ownerId: 'ada' }),
      badgeItem('tin', { name: 'Tin', weight: 1.5, isRare: false, ownerId: null }),
      badgeItem('wrong', { name: 'not wrong' }),
    ],
  },
  {
    path: '/apis/v1/profiles/{profileId}',
    message: 'Get profile success.',
    protectedFields: ['answer69'],
    items: [{ key: ['ada'], data: Object.fromEntries(answers.map((name) => [name, `${name} of ada`])) }],
  },
];

function badgeItem(badgeId: string, data: Readonly<Record<string, unknown>>) {
  return { key: [communityId, badgeId], data };
}
