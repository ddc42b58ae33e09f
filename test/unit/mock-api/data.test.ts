import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { communities, demoTokens, exampleUser } from '#mock-api/data.ts';
import type { CommunityUser } from '#mock-api/generate-users.ts';
import { findUser, usersOf } from './users.ts';

const exampleCommunityId = '61100af5c548eb5c7ebc0001';
const everyUser = communities.flatMap(({ users }) => users);

describe('the data of the mock API', () => {
  test('is the same in every process', async () => {
    const module = import.meta.resolve('#mock-api/data.ts');
    const script = `import { communities } from '${module}'; process.stdout.write(JSON.stringify(communities));`;
    const args = ['--input-type=module', '--eval', script];
    const elsewhere = await promisify(execFile)(process.execPath, args);
    expect(JSON.parse(elsewhere.stdout)).toEqual(communities);
  });

  test('has two communities and a few hundred users', () => {
    expect(communities.map(({ users }) => users.length)).toEqual([300, 100]);
  });

  test('has 24 hex digits in every id, each once in its community', () => {
    for (const { id, users } of communities) {
      expect(id).toMatch(/^[\da-f]{24}$/);
      for (const user of users) expect(user._id).toMatch(/^[\da-f]{24}$/);
      expect(new Set(users.map((user) => user._id)).size).toBe(users.length);
      expect(new Set(users.map((user) => user.id)).size).toBe(users.length);
    }
  });

  test('has the documented example', () => {
    expect(exampleUser._id).toBe('61100af5c548eb5c7ebc7819');
    expect(findUser(exampleCommunityId, exampleUser._id)).toBe(exampleUser);
  });

  test('has one user id in both communities, with different values', () => {
    const [inFirst, inSecond] = communities.map(
      ({ users }) => new Map(users.map((user) => [user._id, user])),
    );
    const shared = [...(inFirst?.keys() ?? [])].filter((id) => inSecond?.has(id));
    expect(shared).toEqual([demoTokens.get('demo-both')?.userId]);
    expect(inFirst?.get(shared[0] ?? '')).not.toEqual(inSecond?.get(shared[0] ?? ''));
  });

  test.each<[string, (user: CommunityUser) => boolean]>([
    ['without first name', (user) => user.firstName === null],
    ['without last name', (user) => user.lastName === null],
    ['without avatar', (user) => user.avatar === null],
    ['who never logged in', (user) => user.lastLogin === null],
    ['online', (user) => user.isOnline],
    ['offline', (user) => !user.isOnline],
    ['with an id within 32 bits', (user) => user.id < 2 ** 31],
    ['with an id beyond 32 bits', (user) => user.id > 2 ** 32],
    ['with a Cyrillic name', (user) => /\p{Script=Cyrillic}/u.test(user.displayName)],
    ['with an emoji in the name', (user) => user.displayName.includes('🦊')],
    ['with milliseconds in the last login', (user) => /\.\d{3}Z$/.test(user.lastLogin ?? '')],
    ['with whole seconds in the last login', (user) => /:\d\dZ$/.test(user.lastLogin ?? '')],
    ['with an offset in the last login', (user) => /\+02:00$/.test(user.lastLogin ?? '')],
  ])('has users %s', (_, matches) => {
    expect(everyUser.some(matches)).toBe(true);
    expect(everyUser.every(matches)).toBe(false);
  });

  test('has exact numbers and real timestamps only', () => {
    for (const { id, lastLogin } of everyUser) {
      expect(Number.isSafeInteger(id)).toBe(true);
      if (lastLogin !== null) expect(Number.isNaN(Date.parse(lastLogin))).toBe(false);
    }
  });

  test('has a user behind the token in each community where it has a role', () => {
    for (const { userId, roles } of demoTokens.values()) {
      for (const communityId of roles.keys()) expect(findUser(communityId, userId)).toBeDefined();
    }
    const outsider = demoTokens.get('demo-outsider');
    expect(everyUser.some((user) => user._id === outsider?.userId)).toBe(false);
  });

  test('is empty for an unknown community', () => {
    expect(usersOf('61100af5c548eb5c7ebc9999')).toEqual([]);
    expect(usersOf(exampleCommunityId)).toHaveLength(300);
  });
});
