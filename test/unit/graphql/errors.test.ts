import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';
import { describeError, formatError, isUnexpected } from '#graphql/errors.ts';
import { isOverLimit, LimitError } from '#graphql/limits/limits.ts';
import {
  badResponse,
  deadlinePassed,
  rateLimited,
  rejected,
  tooManyItems,
  unavailable,
} from '#upstream/errors.ts';

const internal = {
  message: 'Internal server error',
  extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false },
};

test.each<[unknown, string, boolean]>([
  [rejected(400), 'BAD_USER_INPUT', false],
  [rejected(401), 'UNAUTHENTICATED', false],
  [rejected(403), 'FORBIDDEN', false],
  [unavailable('it is down', new Error('secret')), 'UPSTREAM_UNAVAILABLE', true],
  [deadlinePassed(5000), 'UPSTREAM_TIMEOUT', true],
  [badResponse('no JSON', new Error('secret')), 'UPSTREAM_BAD_RESPONSE', true],
  [tooManyItems(500), 'TOO_MANY_USERS', false],
])('%s has its code, and nothing of its cause', (error, code, retryable) => {
  const description = describeError(error);
  expect(description.extensions).toEqual({ code, retryable });
  expect(JSON.stringify(description)).not.toContain('secret');
  expect(isUnexpected(error)).toBe(false);
});

test('a limited rate says when to come back', () => {
  expect(describeError(rateLimited(7)).extensions).toEqual({
    code: 'RATE_LIMITED',
    retryable: true,
    retryAfterSeconds: 7,
  });
});

test('what graphql-js wrapped is told as what it was', () => {
  const wrapped = new GraphQLError('x', {
    originalError: new GraphQLError('y', { originalError: rejected(403) }),
  });
  expect(describeError(wrapped).extensions.code).toBe('FORBIDDEN');
});

describe('an error of graphql-js', () => {
  test('keeps its message and code', () => {
    const error = new GraphQLError('No.', {
      extensions: { code: 'GRAPHQL_PARSE_FAILED', stacktrace: ['secret'] },
    });
    expect(describeError(error)).toEqual({
      message: 'No.',
      extensions: { code: 'GRAPHQL_PARSE_FAILED', retryable: false },
    });
  });

  test('without a code is about what the caller gave', () => {
    expect(describeError(new GraphQLError('No.')).extensions.code).toBe('BAD_USER_INPUT');
  });
});

test.each([
  ['an error', new Error('secret')],
  [
    'an error of a library that graphql-js wrapped',
    new GraphQLError('secret', { originalError: new TypeError('secret') }),
  ],
  [
    'one that calls itself internal',
    new GraphQLError('secret', { extensions: { code: 'INTERNAL_SERVER_ERROR' } }),
  ],
  ['a string', 'secret'],
  ['nothing', undefined],
])('what nobody foresaw tells nothing: %s', (_, error) => {
  expect(describeError(error)).toEqual(internal);
  expect(formatError(error)).toEqual(internal);
  expect(isUnexpected(error)).toBe(true);
});

test('a formatted error keeps its place', () => {
  const error = new GraphQLError('x', { path: ['a', 0], originalError: rejected(403) });
  expect(formatError(error)).toMatchObject({ path: ['a', 0], extensions: { code: 'FORBIDDEN' } });
});

test('limits are told from other mistakes, those of graphql-js included', () => {
  const wrapped = new GraphQLError('x', { originalError: new LimitError('x') });
  for (const error of [
    new LimitError('x'),
    wrapped,
    new GraphQLError('Maximum introspection depth exceeded'),
  ]) {
    expect(isOverLimit(error)).toBe(true);
  }
  for (const error of [new GraphQLError('x'), new Error('Validation aborted.'), undefined]) {
    expect(isOverLimit(error)).toBe(false);
  }
});
