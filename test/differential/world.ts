/** The flags of the REST API, in the order in which it documents them. */
export const FLAGS = [
  '_id',
  'id',
  'avatar',
  'displayName',
  'username',
  'firstName',
  'lastName',
  'email',
  'isOnline',
  'lastLogin',
];

/** What an error must say of a user, or of a field, that cannot be had. */
export interface Failure {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
}

/** A value of the wrong type. */
export const WRONG: Failure = { code: 'UPSTREAM_BAD_RESPONSE', retryable: true };

/** A field: what the REST API writes, and what GraphQL answers. */
interface Field {
  readonly json: string;
  readonly answer: unknown;
}

/** What the REST API says of a user. A field that is not there is withheld. */
export type User =
  | { readonly status: 200; readonly fields: Readonly<Record<string, Field>> }
  | { readonly status: 404 }
  | { readonly status: 403 | 429 | 500; readonly failure: Failure };

export const COMMUNITIES = ['c1', 'c2'];

/** Every user whom operations name; the last one is an id that JSON may write as a number. */
export const USERS = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7', '8'];

/** Users of both communities. No two of them have a value in common, so that none is taken for another. */
export function findUser(communityId: string, userId: string): User | undefined {
  const find = communityId === 'c1' ? FIRST[userId] : SECOND[userId];
  return find?.(`${communityId}-${userId}`);
}

const FAILURES: readonly User[] = [
  { status: 500, failure: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } },
  { status: 403, failure: { code: 'FORBIDDEN', retryable: false } },
  { status: 429, failure: { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 7 } },
];

const complete = (name: string): User => ({ status: 200, fields: fieldsOf(name) });
const absent = (): User => ({ status: 404 });
const failing = (index: number) => () => FAILURES[index] ?? absent();

function withholding(name: string): User {
  const { email, lastLogin, _id, ...fields } = fieldsOf(name);
  return { status: 200, fields: { ...fields, avatar: { json: 'null', answer: null } } };
}

function wrong(name: string): User {
  const { isOnline, firstName, ...fields } = fieldsOf(name);
  const wrongly = (json: string): Field => ({ json, answer: WRONG });
  const wrongs = {
    id: wrongly('"12"'),
    username: wrongly('[]'),
    lastLogin: wrongly('"2023-02-30T10:30:00Z"'),
  };
  return { status: 200, fields: { ...fields, ...wrongs } };
}

const FIRST: Readonly<Record<string, (name: string) => User>> = {
  u1: complete,
  u2: withholding,
  u3: wrong,
  u4: absent,
  u5: failing(0),
  u6: failing(1),
  u7: failing(2),
  '8': complete,
};

const SECOND: Readonly<Record<string, (name: string) => User>> = {
  u1: wrong,
  u2: complete,
  u3: failing(0),
  u4: complete,
  u5: withholding,
  u6: absent,
  u7: complete,
  '8': withholding,
};

function fieldsOf(name: string): Record<string, Field> {
  const digits = `90071992547409${[...name].map((character) => character.charCodeAt(0)).join('')}`;
  const text = (field: string) => {
    const value = `"${field}" of ${name}\n`;
    return { json: JSON.stringify(value), answer: value };
  };
  return {
    _id: text('_id'),
    id: { json: digits, answer: digits },
    avatar: text('avatar'),
    displayName: text('displayName'),
    username: text('username'),
    firstName: text('firstName'),
    lastName: text('lastName'),
    email: text('email'),
    isOnline: { json: 'true', answer: true },
    lastLogin: { json: '"2023-12-01T12:30:00+02:00"', answer: '2023-12-01T10:30:00.000Z' },
  };
}
