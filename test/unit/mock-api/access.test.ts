import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { communities, demoTokens, exampleUser } from '#mock-api/data.ts';
import { type MockApi, startMockApi } from '#mock-api/start.ts';
import { type Sending, send, userPath } from './send.ts';
import { usersOf } from './users.ts';

const [firstId, secondId] = ['61100af5c548eb5c7ebc0001', '61100af5c548eb5c7ebc0002'];
const userFields = Object.keys(exampleUser);
const examplePath = userPath(firstId, exampleUser._id);
const userIdOf = (token: string) => demoTokens.get(token)?.userId ?? '';

let mockApi: MockApi;
beforeAll(async () => {
  mockApi = await startMockApi();
});
afterAll(() => mockApi.stop());

const get = (path: string, sending: Sending = { token: 'demo-owner' }) => send(mockApi.url, path, sending);

const unauthorized = {
  statusCode: 401,
  body: { meta: { status: 'error', statusCode: 401 }, message: 'Unauthorized' },
};

describe('the token', () => {
  test.each<[string, Sending]>([
    ['missing', {}],
    ['unknown', { token: 'nonsense' }],
    ['named like an object key', { token: '__proto__' }],
    ['without scheme', { authorization: 'demo-owner' }],
    ['empty', { authorization: 'Bearer' }],
    ['of another scheme', { authorization: 'Basic demo-owner' }],
    ['followed by something', { authorization: 'Bearer demo-owner x' }],
    ['sent twice', { authorization: ['Bearer demo-owner', 'Bearer demo-owner'] }],
    ['expired', { token: 'demo-expired' }],
    ['of a user in no community', { token: 'demo-outsider' }],
    ['of the owner of another community', { token: 'demo2-owner' }],
    ['of a member of another community', { token: 'demo2-member' }],
  ])('is unauthorized when %s', async (_, sending) => {
    expect(await get(examplePath, sending)).toMatchObject(unauthorized);
  });

  test('may have its scheme in any case', async () => {
    expect(await get(examplePath, { authorization: 'bearer demo-owner' })).toMatchObject({ statusCode: 200 });
  });

  test.each(['demo-owner', 'demo-admin', 'demo-member', 'demo-both'])(
    '%s reads the first community',
    async (token) => {
      expect(await get(examplePath, { token })).toMatchObject({ statusCode: 200 });
    },
  );

  test.each(['demo2-owner', 'demo2-member', 'demo-both'])('%s reads the second community', async (token) => {
    const path = userPath(secondId, usersOf(secondId)[5]?._id ?? '');
    expect(await get(path, { token })).toMatchObject({ statusCode: 200 });
  });

  test('is unauthorized in an unknown community, like in any other without membership', async () => {
    expect(await get(userPath('61100af5c548eb5c7ebc9999', exampleUser._id))).toMatchObject(unauthorized);
  });

  test('is judged before flags and user: strangers learn nothing about either', async () => {
    expect(await get(`${examplePath}?nonsense`, {})).toMatchObject(unauthorized);
    expect(await get(userPath(firstId, 'nobody'), {})).toMatchObject(unauthorized);
  });
});

describe('protected fields', () => {
  const unprotected = userFields.filter((field) => field !== 'email' && field !== 'lastLogin');
  const fieldsOf = async (path: string, token: string) => {
    const { body } = await get(path, { token });
    const hasData = typeof body === 'object' && body !== null && 'data' in body;
    return hasData ? Object.keys(Object(body.data)) : undefined;
  };

  test('are left out for a member who reads somebody else, flagged or not', async () => {
    const token = 'demo-member';
    expect(await fieldsOf(examplePath, token)).toEqual(unprotected);
    expect(await fieldsOf(`${examplePath}?email&username`, token)).toEqual(['username']);
    expect(await fieldsOf(`${examplePath}?lastLogin`, token)).toEqual([]);
  });

  test.each(['demo-owner', 'demo-admin'])('are there for %s', async (token) => {
    const { _id } = usersOf(firstId)[7] ?? exampleUser;
    expect(await fieldsOf(userPath(firstId, _id), token)).toEqual(userFields);
  });

  test.each([
    ['demo-member', firstId],
    ['demo2-member', secondId],
  ])('are there for %s reading their own user', async (token, communityId) => {
    expect(await fieldsOf(userPath(communityId, userIdOf(token)), token)).toEqual(userFields);
  });

  test('depend on the role in that very community', async () => {
    const [first, second] = communities.map(({ users }) => users[10]?._id ?? '');
    const token = 'demo-both';
    expect(await fieldsOf(userPath(firstId, first ?? ''), token)).toEqual(unprotected);
    expect(await fieldsOf(userPath(secondId, second ?? ''), token)).toEqual(userFields);
  });
});
