import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { communities, demoTokens, exampleUser } from '#mock-api/data.ts';
import { type MockApi, startMockApi } from '#mock-api/start.ts';
import { type Sending, send, userPath } from './send.ts';
import { findUser, usersOf } from './users.ts';

const firstId = '61100af5c548eb5c7ebc0001';
const examplePath = userPath(firstId, exampleUser._id);

let mockApi: MockApi;
beforeAll(async () => {
  mockApi = await startMockApi();
});
afterAll(() => mockApi.stop());

const get = (path: string, sending: Sending = { token: 'demo-owner' }) => send(mockApi.url, path, sending);

const failure = (statusCode: number, message: string) => ({
  statusCode,
  body: { meta: { status: 'error', statusCode }, message },
});
const success = (data: object) => ({
  statusCode: 200,
  body: { meta: { status: 'success', statusCode: 200 }, message: 'Get user success.', data },
});
const badRequest = failure(400, 'Bad Request');
const notFound = failure(404, 'Record Not Found');

describe('an answer', () => {
  test('is the documented one for the documented example, byte by byte', async () => {
    const flags = '?_id&id&avatar&displayName&username&firstName&lastName&email&isOnline&lastLogin';
    const reply = await get(examplePath + flags);
    expect(reply.text).toBe(
      '{"meta":{"status":"success","statusCode":200},"message":"Get user success.","data":{' +
        '"_id":"61100af5c548eb5c7ebc7819","id":123456789,"avatar":"https://returning-ai.com/avatar.png",' +
        '"displayName":"Admin","username":"admin","firstName":"John","lastName":"Doe",' +
        '"email":"admin@example.com","isOnline":true,"lastLogin":"2023-12-01T10:30:00Z"}}',
    );
  });

  test('names no data in an error', async () => {
    const reply = await get(userPath(firstId, 'nobody'));
    expect(reply.text).toBe('{"meta":{"status":"error","statusCode":404},"message":"Record Not Found"}');
  });

  test.each([
    ['200', examplePath, 'demo-owner'],
    ['200 with multi-byte text', `${userPath(firstId, nonAsciiUserId())}?displayName`, 'demo-owner'],
    ['400', `${examplePath}?nonsense`, 'demo-owner'],
    ['401', examplePath, 'unknown'],
    ['404', '/', 'demo-owner'],
  ])('is JSON in UTF-8 of the announced length: %s', async (_, path, token) => {
    const reply = await get(path, { token });
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(reply.headers['content-length']).toBe(String(Buffer.byteLength(reply.text)));
    expect(reply.headers['transfer-encoding']).toBeUndefined();
  });
});

describe('the address', () => {
  test.each([
    '/',
    '/apis/v1/communities',
    `/apis/v1/communities/${firstId}/users`,
    `${examplePath}/`,
    `/prefix${examplePath}`,
    `/apis/v1/communities/${firstId}/../${firstId}/users/${exampleUser._id}`,
  ])('is not found: %s', async (path) => {
    expect(await get(path)).toMatchObject(notFound);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
    const reply = await get(examplePath, { token: 'demo-owner', method });
    expect(reply).toMatchObject(failure(405, 'Method Not Allowed'));
  });

  test('refuses HEAD, without a body', async () => {
    const reply = await get(examplePath, { token: 'demo-owner', method: 'HEAD' });
    expect(reply).toMatchObject({ statusCode: 405, text: '' });
  });

  test('may be percent-encoded', async () => {
    const path = userPath(firstId.replace('6', '%36'), exampleUser._id.replace('a', '%61'), '?id');
    expect((await get(path)).body).toEqual(success({ id: exampleUser.id }).body);
  });

  test.each([
    ['a malformed escape in the user', userPath(firstId, '%zz')],
    ['a malformed escape in the community', userPath('%', exampleUser._id)],
    ['an escape that is not UTF-8', userPath(firstId, '%ff')],
    ['an empty user', userPath(firstId, '')],
    ['an empty community', userPath('', exampleUser._id)],
  ])('is a bad request with %s', async (_, path) => {
    expect(await get(path)).toMatchObject(badRequest);
  });

  test.each([
    '61100af5c548eb5c7ebc0000',
    'nobody',
    '..',
    'a%2Fb',
    exampleUser._id.toUpperCase(),
    '__proto__',
  ])('has no user %s', async (userId) => {
    expect(await get(userPath(firstId, userId))).toMatchObject(notFound);
  });

  test('tells the same user id in two communities apart', async () => {
    const userId = demoTokens.get('demo-both')?.userId ?? '';
    for (const { id } of communities) {
      const reply = await get(userPath(id, userId, '?id&displayName'), { token: 'demo-both' });
      const user = findUser(id, userId);
      expect(reply.body).toEqual(success({ id: user?.id, displayName: user?.displayName }).body);
    }
  });
});

describe('flags', () => {
  test.each(Object.entries(exampleUser))('%s selects that field alone', async (field, value) => {
    expect((await get(`${examplePath}?${field}`)).body).toEqual(success({ [field]: value }).body);
  });

  test('are answered in the documented order, whatever theirs', async () => {
    const reply = await get(`${examplePath}?lastLogin&_id&username`);
    expect(reply.text).toContain(
      '"data":{"_id":"61100af5c548eb5c7ebc7819","username":"admin","lastLogin":"2023-12-01T10:30:00Z"}',
    );
  });

  test('are answered also where the value is null', async () => {
    const user = usersOf(firstId).find(({ lastLogin }) => lastLogin === null);
    const reply = await get(userPath(firstId, user?._id ?? '', '?lastLogin'));
    expect(reply.body).toEqual(success({ lastLogin: null }).body);
  });

  test.each(['', '?'])('select everything when there are none: "%s"', async (query) => {
    expect((await get(examplePath + query)).body).toEqual(success(exampleUser).body);
  });

  test.each([
    ['unknown', '?_id&noSuchField'],
    ['in the wrong case', '?Email'],
    ['with a value', '?email=1'],
    ['with an empty value', '?email='],
    ['twice', '?email&_id&email'],
    ['empty at the end', '?email&'],
    ['empty in between', '?email&&_id'],
    ['percent-encoded', '?%65mail'],
    ['joined by a comma', '?email,_id'],
    ['after a second question mark', '??email'],
  ])('are a bad request when one is %s', async (_, query) => {
    expect(await get(examplePath + query)).toMatchObject(badRequest);
  });
});

function nonAsciiUserId(): string {
  return usersOf(firstId).find(({ displayName }) => displayName.includes('🦊'))?._id ?? '';
}
