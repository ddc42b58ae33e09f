import { expect, test } from 'vitest';
import { communityId, getOf, userId } from '../support/demo.ts';
import { type QueryOptions, startLayer } from '../support/layer.ts';

/** The ten flags in the order in which the REST API documents them. */
const ALL_FLAGS = '_id&id&avatar&displayName&username&firstName&lastName&email&isOnline&lastLogin';

test('the documented example with all its fields is one GET with all ten flags in order', async () => {
  const layer = await startLayer();
  const answer = await layer.query(`{
    communityUser(communityId: "61100af5c548eb5c7ebc0001", userId: "61100af5c548eb5c7ebc7819") {
      lastLogin isOnline email lastName firstName username displayName avatar id _id
    }
  }`);
  expect(answer.data).toEqual({
    communityUser: {
      _id: '61100af5c548eb5c7ebc7819',
      id: '123456789',
      avatar: 'https://returning-ai.com/avatar.png',
      displayName: 'Admin',
      username: 'admin',
      firstName: 'John',
      lastName: 'Doe',
      email: 'admin@example.com',
      isOnline: true,
      lastLogin: '2023-12-01T10:30:00.000Z',
    },
  });
  expect(answer.errors).toBeUndefined();
  expect(layer.requests).toEqual([
    `/apis/v1/communities/61100af5c548eb5c7ebc0001/users/61100af5c548eb5c7ebc7819?${ALL_FLAGS}`,
  ]);
});

/** Selections of the documented example's user: what they are answered, and the flags that they cost. */
const selections: [string, string, unknown, string, QueryOptions?][] = [
  ['one field', 'email', { email: 'admin@example.com' }, 'email'],
  ['several fields in any order', 'username _id', { username: 'admin', _id: userId() }, '_id&username'],
  ['only the type', '__typename', { __typename: 'CommunityUser' }, '_id'],
  [
    'only what is known without asking',
    'communityId userId community { id __typename }',
    { communityId, userId: userId(), community: { id: communityId, __typename: 'Community' } },
    '_id',
  ],
  ['only whether a field is withheld', 'isWithheld(field: email)', { isWithheld: false }, 'email'],
  [
    'a field, and whether it is withheld',
    'email emailHidden: isWithheld(field: email)',
    { email: 'admin@example.com', emailHidden: false },
    'email',
  ],
  [
    'an alias: the name of the field counts',
    'email: username name: displayName',
    { email: 'admin', name: 'Admin' },
    'displayName&username',
  ],
  [
    'the same field twice',
    'email email again: email',
    { email: 'admin@example.com', again: 'admin@example.com' },
    'email',
  ],
  [
    'an inline fragment',
    '... { email } ... on CommunityUser { username }',
    { email: 'admin@example.com', username: 'admin' },
    'username&email',
  ],
  [
    'an inline fragment on a union',
    '... on _Entity { ... on CommunityUser { email } ... on Community { id } }',
    { email: 'admin@example.com' },
    'email',
  ],
  [
    'fragments in fragments',
    '...Outer',
    { username: 'admin', isOnline: true, email: 'admin@example.com' },
    'username&email&isOnline',
  ],
  [
    'literal conditions',
    'email @skip(if: true) username @include(if: true) avatar @include(if: false) _id @skip(if: false)',
    { username: 'admin', _id: userId() },
    '_id&username',
  ],
  [
    'both conditions',
    'email @skip(if: false) @include(if: true) username @skip(if: true) @include(if: true)',
    { email: 'admin@example.com' },
    'email',
  ],
  ['everything skipped', 'email @skip(if: true) ... @include(if: false) { username }', {}, '_id'],
  [
    'conditions on fragments',
    '... @skip(if: true) { email } ...Named @include(if: false) ... on CommunityUser @include(if: true) { lastName }',
    { lastName: 'Doe' },
    'lastName',
  ],
  [
    'a fragment skipped in one place and spread in another',
    '...Named @skip(if: true) ... { ...Named }',
    { displayName: 'Admin' },
    'displayName',
  ],
  [
    'conditions on variables',
    'email @include(if: $yes) username @skip(if: $yes) firstName @include(if: $no) lastName @skip(if: $no)',
    { email: 'admin@example.com', lastName: 'Doe' },
    'lastName&email',
    { variables: { yes: true, no: false } },
  ],
  [
    'conditions on defaults',
    'email @include(if: $yesByDefault) username @skip(if: $yesByDefault)',
    { email: 'admin@example.com' },
    'email',
  ],
  [
    'conditions on a variable that is not its default',
    'email @include(if: $yesByDefault) username @skip(if: $yesByDefault)',
    { username: 'admin' },
    'username',
    { variables: { yesByDefault: false } },
  ],
];

test.each(selections)('%s', async (_what, selection, user, flags, options) => {
  const layer = await startLayer();
  const operation = operationOf(selection);
  for (let time = 1; time <= 5; time++) {
    const { data, errors } = await layer.query(operation, options);
    expect({ data, errors }).toEqual({ data: { communityUser: user } });
    expect(layer.requests).toEqual(Array(time).fill(getOf(userId(), flags)));
  }
});

/** With the variables and the fragments that the selection uses. */
function operationOf(selection: string): string {
  const variables = { yes: 'Boolean!', no: 'Boolean!', yesByDefault: 'Boolean = true' };
  const declared = Object.entries(variables).filter(([name]) => RegExp(`\\$${name}\\b`).test(selection));
  const declarations = declared.map(([name, type]) => `$${name}: ${type}`).join(', ');
  return [
    `query Selection ${declarations && `(${declarations})`} {
      communityUser(communityId: "${communityId}", userId: "${userId()}") { ${selection} }
    }`,
    ...(selection.includes('...Named') ? ['fragment Named on CommunityUser { displayName }'] : []),
    ...(selection.includes('...Outer')
      ? [
          'fragment Outer on CommunityUser { username ...Middle }',
          'fragment Middle on CommunityUser { ... { ...Inner } isOnline }',
          'fragment Inner on CommunityUser { email }',
        ]
      : []),
  ].join('\n');
}

test('what a fragment selects of one user is not asked of another', async () => {
  const layer = await startLayer();
  const operation = `query ($c: ID!, $a: ID!, $b: ID!) {
    a: communityUser(communityId: $c, userId: $a) { ...A username }
    b: communityUser(communityId: $c, userId: $b) { ...B }
  }
  fragment A on CommunityUser { email ...B }
  fragment B on CommunityUser { isOnline }`;
  const variables = { c: communityId, a: userId(0), b: userId(1) };
  const { data } = await layer.query(operation, { variables });
  expect(data).toEqual({
    a: { email: 'admin@example.com', isOnline: true, username: 'admin' },
    b: { isOnline: expect.any(Boolean) },
  });
  expect(layer.requests.toSorted()).toEqual([
    getOf(userId(0), 'username&email&isOnline'),
    getOf(userId(1), 'isOnline'),
  ]);
});

test('the ids may come as numbers, which GraphQL allows for an ID', async () => {
  const layer = await startLayer();
  await layer.query('{ communityUser(communityId: 1, userId: 2) { email } }');
  expect(layer.requests).toEqual(['/apis/v1/communities/1/users/2?email']);
});
