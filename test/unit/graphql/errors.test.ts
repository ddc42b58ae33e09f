import { GraphQLError, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { formatError, isUnexpected } from '#graphql/errors.ts';
import {
  BadResponseError,
  CancelledError,
  DeadlineError,
  FieldTypeError,
  InvalidIdentifierError,
  MissingTokenError,
  RateLimitedError,
  RejectedError,
  TooManyItemsError,
  UnavailableError,
} from '#upstream/errors.ts';

/** An error as the executor reports it for a field. */
function fieldError(originalError: Error): GraphQLError {
  return new GraphQLError(originalError.message, { originalError, path: ['communityUser', 'email'] });
}

describe('a failure of the REST API', () => {
  test.each([
    [new InvalidIdentifierError('userId'), 'BAD_USER_INPUT', false],
    [new MissingTokenError(), 'UNAUTHENTICATED', false],
    [new TooManyItemsError(100), 'TOO_MANY_USERS', false],
    [new RejectedError(400), 'BAD_USER_INPUT', false],
    [new RejectedError(401), 'UNAUTHENTICATED', false],
    [new RejectedError(403), 'FORBIDDEN', false],
    [new DeadlineError(5000), 'UPSTREAM_TIMEOUT', true],
    [new UnavailableError('it answered 503'), 'UPSTREAM_UNAVAILABLE', true],
    [new BadResponseError('it is not JSON'), 'UPSTREAM_BAD_RESPONSE', true],
    [new FieldTypeError('email'), 'UPSTREAM_BAD_RESPONSE', true],
  ])('%o is %s', (error, code, retryable) => {
    expect(formatError(fieldError(error))).toEqual({
      message: error.message,
      path: ['communityUser', 'email'],
      extensions: { code, retryable },
    });
    expect(isUnexpected(fieldError(error))).toBe(false);
  });

  test('that limits the rate says when to come back', () => {
    expect(formatError(fieldError(new RateLimitedError(30))).extensions).toEqual({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfterSeconds: 30,
    });
  });

  test('shows neither its cause nor its stack', () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.7:443', { cause: 'secret' });
    const formatted = JSON.stringify(formatError(fieldError(new UnavailableError('no connection', cause))));
    expect(formatted).not.toMatch(/ECONNREFUSED|10\.0\.0\.7|secret|stack|at /);
  });
});

describe('whatever nobody foresaw', () => {
  const internal = { code: 'INTERNAL_SERVER_ERROR', retryable: false };

  test.each([
    [
      'an error of the code',
      fieldError(new TypeError("Cannot read properties of undefined (reading 'secret')")),
    ],
    ['an error in an error', fieldError(fieldError(new Error('secret')))],
    [
      'an error that pretends to be known',
      fieldError(Object.assign(new Error('secret'), { name: 'RejectedError', status: 401 })),
    ],
    ['a GraphQL error without a code', new GraphQLError('Cannot return null for non-nullable field secret')],
    [
      'a GraphQL error that calls itself internal',
      new GraphQLError('secret', { extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: ['secret'] } }),
    ],
    ['an error that no client waits for', fieldError(new CancelledError())],
  ])('is masked: %s', (_what, error) => {
    const formatted = formatError(error);
    expect(formatted).toMatchObject({ message: 'Internal server error', extensions: internal });
    expect(JSON.stringify(formatted)).not.toMatch(/secret|stack/);
    expect(isUnexpected(error)).toBe(true);
  });

  test.each([new Error('secret'), 'secret', undefined, null, { secret: true }])(
    'is masked when thrown outside of a field: %o',
    (thrown) => {
      expect(formatError(thrown)).toEqual({ message: 'Internal server error', extensions: internal });
    },
  );

  test('keeps its place, which the client needs to tell what is missing', () => {
    const { communityUser } = { communityUser: parse('{ communityUser }').definitions[0] };
    const error = new GraphQLError('secret', {
      originalError: new Error('secret'),
      path: ['communityUser'],
      ...(communityUser && { nodes: communityUser }),
    });
    expect(formatError(error)).toMatchObject({
      path: ['communityUser'],
      locations: [{ line: 1, column: 1 }],
    });
  });
});

describe('what a client did wrong', () => {
  test.each([
    'GRAPHQL_PARSE_FAILED',
    'GRAPHQL_VALIDATION_FAILED',
    'BAD_USER_INPUT',
    'OPERATION_RESOLUTION_FAILURE',
  ])('keeps its code and its message: %s', (code) => {
    const error = new GraphQLError('Cannot query field "password".', { extensions: { code, secret: true } });
    expect(formatError(error)).toEqual({
      message: 'Cannot query field "password".',
      extensions: { code, retryable: false },
    });
    expect(isUnexpected(error)).toBe(false);
  });

  test.each([
    'Argument "communityId" of non-null type "ID!" must not be null.',
    'Argument "userIds" has invalid value [$u].',
    'Variable "$u" got invalid value null.',
  ])('is told apart though it has no code: %s', (message) => {
    expect(formatError(new GraphQLError(message))).toEqual({
      message,
      extensions: { code: 'BAD_USER_INPUT', retryable: false },
    });
  });

  test('too many tokens are a limit, not bad grammar', () => {
    const error = new GraphQLError(
      'Syntax Error: Document contains more that 4000 tokens. Parsing aborted.',
      {
        extensions: { code: 'GRAPHQL_PARSE_FAILED' },
      },
    );
    expect(formatError(error).extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED', retryable: false });
  });
});

test('an error of compiled code, which has no extensions, is read like any other', () => {
  const error = new GraphQLError('Argument "userId" of non-null type "ID!" must not be null.');
  Object.defineProperty(error, 'extensions', { value: undefined });
  expect(formatError(error).extensions).toEqual({ code: 'BAD_USER_INPUT', retryable: false });
});
