import { type CommunityUser, generateUsers, generateUserWithId } from './generate-users.ts';
import type { Behavior, MockResource } from './resource.ts';

export type Community = { readonly id: string; readonly users: readonly CommunityUser[] };

export type Role = 'COMMUNITY_OWNER' | 'COMMUNITY_ADMIN' | 'COMMUNITY_MEMBER';

/** Who a token stands for, and the role of that user in each community (by community id). */
export type Account = {
  readonly userId: string;
  readonly roles: ReadonlyMap<string, Role>;
  /** The token was good once. */
  readonly expired?: boolean;
};

/**
 * The user of the REST API's own documentation, value by value. The order of its fields is the one in which fields are
 * documented and answered.
 */
export const exampleUser: CommunityUser = {
  _id: '61100af5c548eb5c7ebc7819',
  id: 123456789,
  avatar: 'https://returning-ai.com/avatar.png',
  displayName: 'Admin',
  username: 'admin',
  firstName: 'John',
  lastName: 'Doe',
  email: 'admin@example.com',
  isOnline: true,
  lastLogin: '2023-12-01T10:30:00Z',
};

const first: Community = {
  id: '61100af5c548eb5c7ebc0001',
  users: [exampleUser, ...generateUsers(1, 1, 299)],
};

// Number 299 is in both communities under one user id and with different values: whoever takes the user id alone
// for a key mixes the two up.
const second: Community = { id: '61100af5c548eb5c7ebc0002', users: generateUsers(2, 299, 100) };

/** The communities, with their ordinary users in a fixed order; the same in every process. */
export const communities: readonly Community[] = [first, second];

/** The tokens that the mock API knows. */
export const demoTokens: ReadonlyMap<string, Account> = new Map<string, Account>([
  ['demo-admin', userOf(first, 0, 'COMMUNITY_ADMIN')],
  ['demo-owner', userOf(first, 1, 'COMMUNITY_OWNER')],
  ['demo-member', userOf(first, 2, 'COMMUNITY_MEMBER')],
  ['demo2-owner', userOf(second, 1, 'COMMUNITY_OWNER')],
  ['demo2-member', userOf(second, 2, 'COMMUNITY_MEMBER')],
  ['demo-both', userOf(second, 0, 'COMMUNITY_OWNER', [[first.id, 'COMMUNITY_MEMBER']])],
  ['demo-outsider', { userId: '61100af5c548eb5c7ebcffff', roles: new Map() }],
  ['demo-expired', { ...userOf(first, 0, 'COMMUNITY_ADMIN'), expired: true }],
]);

/**
 * One user of the first community for each thing that can happen to a request, by what its id ends in. 0xf002 is left out:
 * that user is absent.
 */
const demoUsers: ReadonlyMap<number, Behavior> = new Map([
  [0xf001, { delayMs: 2000 }],
  [0xf003, { statusCode: 500 }],
  [0xf004, { statusCode: 503, failures: 2 }],
  [0xf005, { statusCode: 403 }],
  [0xf006, { statusCode: 429, retryAfterSeconds: 2 }],
  [0xf007, { truncated: true }],
]);

/** "Community Users · Get user", for all ordinary users and the demo users. */
export const communityUsers: MockResource = {
  path: '/apis/v1/communities/{communityId}/users/{userId}',
  message: 'Get user success.',
  protectedFields: ['email', 'lastLogin'],
  items: [
    ...communities.flatMap(({ id, users }) => users.map((data) => ({ key: [id, data._id], data }))),
    ...Array.from(demoUsers, ([idEnd, behavior]) => {
      const data = generateUserWithId(idEnd);
      return { key: [first.id, data._id], data, behavior };
    }),
  ],
};

/** What the mock API serves. */
export const resources: readonly MockResource[] = [communityUsers];

function userOf({ id, users }: Community, index: number, role: Role, others: [string, Role][] = []): Account {
  return { userId: users[index]?._id ?? '', roles: new Map([[id, role], ...others]) };
}
