import { userIdOf } from '../users.ts';
import { type DearRequest, numbered, restFields, times, type Variant } from './dear-request.ts';

const maxBodyUsers = 500_000;
const maxUsers = 500;

/** Requests whose answers are dear: as many places as `MAX_RESPONSE_BYTES` lets through, and as many users. */
export const dearAnswers: readonly DearRequest[] = [
  list('one user, again and again', maxBodyUsers, '{ id }'),
  list('a list in each place of a list', 2000, '{ community { users(userIds: $ids) { id } } }'),
  list('users in users, to the depth that is allowed', 100_000, chain(8)),
  list(
    'many links in each place',
    20_000,
    `{ ${times(33, (i) => `a${i}: community { b: user(userId: 1) { id } }`)} }`,
  ),
  list(
    'lists of literals with a variable in each place',
    100_000,
    '{ community { users(userIds: [$c]) { id } } }',
  ),
  {
    name: '100 aliases of one list',
    maxSize: 5000,
    body: ({ text, size }) =>
      body(
        `query Q${text}($ids: [ID!]!) { ${times(100, (i) => `a${i}: communityUsers(communityId: 1, userIds: $ids) { id }`)} }`,
        {
          ids: ones(size),
        },
      ),
  },
  {
    name: 'isWithheld with 45 variables in each place',
    maxSize: 20_000,
    body: ({ text, size }) =>
      body(
        `query Q${text}($ids: [ID!]!, ${times(45, (i) => `$v${i}: CommunityUserField!`)}) { communityUsers(communityId: 1, userIds: $ids) { ${times(45, (i) => `a${i}: isWithheld(field: $v${i})`)} } }`,
        { ids: ones(size), ...numbered('v', 45, (i) => restFields[i % 10]) },
      ),
  },
  {
    name: 'representations of one user',
    maxSize: 16_000,
    body: (variant) =>
      representations(variant, '... on CommunityUser { id }', {
        __typename: 'CommunityUser',
        communityId: 1,
        userId: 1,
      }),
  },
  {
    name: 'representations of one community',
    maxSize: 26_000,
    body: (variant) =>
      representations(variant, '... on Community { id }', { __typename: 'Community', id: 1 }),
  },
  {
    name: '500 users, all ten fields',
    maxSize: maxUsers,
    body: ({ text, size }) =>
      body(
        `query Q${text}($ids: [ID!]!) { communityUsers(communityId: 1, userIds: $ids) { ${restFields.join(' ')} } }`,
        {
          ids: users(size),
        },
      ),
  },
  {
    name: '500 users, and all of them beside each',
    maxSize: maxUsers,
    body: ({ text, size }) =>
      body(
        `query Q${text}($ids: [ID!]!) { communityUsers(communityId: 1, userIds: $ids) { id community { users(userIds: $ids) { email } } } }`,
        {
          ids: users(size),
        },
      ),
  },
  list('ids that are none: an error for each', maxBodyUsers, '{ id }', '.'),
  refusedList('500,000 ids: too large an answer', 500_000, 1),
  refusedList('330,000 ids that are objects', 330_000, {}),
  {
    name: 'variables of 1 MiB that nobody uses',
    body: ({ text }) =>
      body(`query Q${text} { __typename }`, { unused: Array.from({ length: 340_000 }, () => []) }),
  },
];

function list(name: string, maxSize: number, selection: string, id: unknown = 1): DearRequest {
  return {
    name,
    maxSize: typeof id === 'string' ? maxSize / 2 : maxSize,
    body: ({ text, size }) =>
      body(
        `query Q${text}($c: ID!, $ids: [ID!]!) { communityUsers(communityId: $c, userIds: $ids) ${selection} }`,
        {
          c: 1,
          ids: Array.from({ length: size }, () => id),
        },
      ),
  };
}

function refusedList(name: string, size: number, id: unknown): DearRequest {
  const { body } = list(name, size, '{ id }', id);
  return { name, isRefused: true, body: (variant) => body({ ...variant, size }) };
}

function representations({ text, size }: Variant, selection: string, representation: object): string {
  return body(`query Q${text}($of: [_Any!]!) { _entities(representations: $of) { ${selection} } }`, {
    of: Array.from({ length: size }, () => representation),
  });
}

function chain(levels: number): string {
  if (levels === 0) return '{ id }';
  return levels % 2 === 0 ? `{ community ${chain(levels - 1)} }` : `{ user(userId: 1) ${chain(levels - 1)} }`;
}

function ones(count: number): number[] {
  return Array.from({ length: count }, () => 1);
}

function users(count: number): string[] {
  return Array.from({ length: count }, (_, i) => userIdOf(i));
}

function body(query: string, variables: object): string {
  return JSON.stringify({ query, variables });
}
