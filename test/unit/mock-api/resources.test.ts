import { expect, test } from 'vitest';
import { answerFrom } from '#mock-api/answer.ts';
import { communityUsers, demoTokens } from '#mock-api/data.ts';
import type { MockResource } from '#mock-api/resource.ts';

const memberId = demoTokens.get('demo-member')?.userId ?? '';

/** A second resource and one with more in its path, as somebody would add them: data alone. */
const accounts: MockResource = {
  path: '/apis/v1/users/{userId}',
  message: 'Get account success.',
  protectedFields: ['phone'],
  items: [
    { key: ['u1'], data: { _id: 'u1', language: 'en', phone: '1' } },
    { key: [memberId], data: { _id: memberId, phone: '2' } },
    { key: ['busy'], data: { _id: 'busy' }, behavior: { statusCode: 503 } },
  ],
};
const badges: MockResource = {
  path: '/apis/v1/communities/{communityId}/badges/{badge}.json',
  message: 'Get badge success.',
  protectedFields: [],
  items: [{ key: ['61100af5c548eb5c7ebc0001', 'gold'], data: { title: 'Gold' } }],
};
const answer = answerFrom([communityUsers, accounts, badges]);
const ask = (url: string, token = 'demo-member') => answer('GET', url, `Bearer ${token}`);

test('each resource is answered at its own path, with its own fields in its own order', () => {
  expect(ask('/apis/v1/users/u1?language&_id')).toEqual({
    statusCode: 200,
    message: 'Get account success.',
    data: { _id: 'u1', language: 'en' },
  });
  expect(Object.keys(ask('/apis/v1/users/u1?language&_id').data ?? {})).toEqual(['_id', 'language']);
  expect(ask('/apis/v1/communities/61100af5c548eb5c7ebc0001/badges/gold.json')).toMatchObject({
    data: { title: 'Gold' },
  });
  expect(ask(`/apis/v1/communities/61100af5c548eb5c7ebc0001/users/${memberId}?language`)).toMatchObject({
    statusCode: 400,
  });
});

test('the characters of a path stand for themselves', () => {
  expect(ask('/apis/v1/communities/61100af5c548eb5c7ebc0001/badges/goldxjson').statusCode).toBe(404);
});

test('a path without a community asks for no more than a valid token', () => {
  expect(ask('/apis/v1/users/u1?language', 'demo-outsider').statusCode).toBe(200);
  expect(ask('/apis/v1/users/u1?language', 'demo-expired').statusCode).toBe(401);
  expect(ask('/apis/v1/users/u1?language', 'unknown').statusCode).toBe(401);
});

test('protected fields are left out except for the user themself', () => {
  expect(ask('/apis/v1/users/u1?phone').data).toEqual({});
  expect(ask(`/apis/v1/users/${memberId}?phone`).data).toEqual({ phone: '2' });
});

test('a field that an item has no value for is left out', () => {
  expect(JSON.stringify(ask(`/apis/v1/users/${memberId}?language`).data)).toBe('{}');
});

test('a behavior belongs to its item alone', () => {
  expect(ask('/apis/v1/users/busy').statusCode).toBe(503);
  expect(ask('/apis/v1/users/u1').statusCode).toBe(200);
});
