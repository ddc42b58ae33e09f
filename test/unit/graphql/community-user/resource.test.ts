import { describe, expect, test } from 'vitest';
import { communityUserResource as users } from '#graphql/community-user/resource.ts';
import { readEnvelope } from '#upstream/envelope.ts';
import { BadResponseError, FieldTypeError } from '#upstream/errors.ts';

const ID = '61100af5c548eb5c7ebc7819';

function read(data: Record<string, unknown>, userId = ID) {
  const envelope = readEnvelope(JSON.stringify({ data }), users, ['c', userId], users.fieldSet(users.fields));
  return 'record' in envelope ? envelope.record.values : undefined;
}

test('a user is at the documented path', () => {
  expect(users.path(['c', 'u'])).toBe('/apis/v1/communities/c/users/u');
});

test('the documented example is read as it is, the number as text and the time as a moment', () => {
  const example = {
    _id: ID,
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
  expect(read(example)).toEqual({
    ...example,
    id: '123456789',
    lastLogin: new Date('2023-12-01T10:30:00Z'),
  });
});

test.each([
  ['lastLogin', '2023-12-01T12:30:00.5+02:00', new Date('2023-12-01T10:30:00.500Z')],
  ['lastLogin', null, null],
  ['isOnline', false, false],
  ['displayName', '', ''],
  ['id', 0, '0'],
])('%s may be %j', (field, given, value) => {
  expect(read({ [field]: given })?.[field]).toEqual(value);
});

test.each([
  ['_id', 7],
  ['id', '7'],
  ['id', 1.5],
  ['avatar', {}],
  ['displayName', true],
  ['username', ['admin']],
  ['isOnline', 'true'],
  ['isOnline', 1],
  ['lastLogin', 1701426600000],
  ['lastLogin', '2023-12-01'],
  ['lastLogin', 'yesterday'],
  ['lastLogin', '2023-02-30T10:30:00Z'],
])('%s as %j is of the wrong type', (field, given) => {
  expect(read({ [field]: given })?.[field]).toBeInstanceOf(FieldTypeError);
});

describe('an answer about somebody else', () => {
  test('is refused', () => {
    expect(() => read({ _id: '61100af5c548eb5c7ebc781a' })).toThrow(BadResponseError);
  });

  test.each([
    ['the same id in another case', ID.toUpperCase(), ID],
    ['an id of another form in the path', 'admin', ID],
    ['an id of another form in the answer', ID, 'u7819'],
    ['no id in the answer', ID, undefined],
  ])('is not meant where there is %s', (_what, userId, _id) => {
    expect(read({ _id, username: 'admin' }, userId)).toMatchObject({ username: 'admin' });
  });
});
