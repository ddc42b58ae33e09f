import { expect } from 'vitest';
import type { ExpectedError } from './expected-errors.ts';
import type { Expected } from './oracle.ts';

type Keys = readonly (string | number)[];

/** An error as the layer answers it. */
export interface ToldError {
  readonly path?: Keys | undefined;
}

/**
 * Holds errors against those of graphql-js. They must be the same, but for what is below a place that has become null:
 * graphql-js tells what came up until then, and of several causes the one that came first, which depends on how fast the
 * REST API is. The layer tells everything that came up, and always the same cause.
 */
export function checkErrors(data: unknown, errors: readonly ToldError[], expected: Expected): void {
  const told = new Set(errors.map(pathText));
  const wanted = new Set(expected.errors.map(pathText));
  const inBoth = expected.errors.filter((error) => told.has(pathText(error)));
  expect(errors.filter((error) => wanted.has(pathText(error)))).toEqual(inBoth.map(likeExpected));

  const missing = expected.errors.filter((error) => !told.has(pathText(error)));
  const more = errors.filter((error) => !wanted.has(pathText(error)));
  const nulls = new Set(more.map(({ path }) => nullAbove(data, path)));
  expect(nulls).not.toContain(undefined);
  const causes = more.filter((error) => !expected.ownNulls.has(pathText(error)));
  for (const cause of causes) expect(expected.causes).toContain(pathText(cause));
  const usersOf = (all: readonly ToldError[]) => all.map(({ path }) => userAbove(expected, path));
  // Another cause takes the place of one of graphql-js; but a null below a null may have none there.
  expect(usersOf(causes)).toEqual(expect.arrayContaining(usersOf(missing)));
  expect(usersOf(missing)).toEqual(expect.arrayContaining(usersOf(causes).filter((user) => nulls.has(user))));
  expect(new Set(usersOf(causes)).size).toBe(causes.length);
}

function pathText({ path = [] }: { readonly path?: Keys | undefined }): string {
  return JSON.stringify(path);
}

/** The path of the null that stands in place of what a path leads to. */
export function nullAbove(data: unknown, path: Keys = []): string | undefined {
  let at = data;
  for (const [depth, key] of path.entries()) {
    if (at === null) return JSON.stringify(path.slice(0, depth));
    at = Object(at)[key];
  }
  return undefined;
}

/** The path of the user who becomes null where a path leads to a null that must not be; the whole answer, without one. */
function userAbove({ users }: Expected, path: Keys = []): string {
  const above = path.map((_, depth) => JSON.stringify(path.slice(0, depth)));
  return above.findLast((place) => users.has(place)) ?? '[]';
}

function likeExpected({ message, extensions, ...place }: ExpectedError) {
  return {
    ...place,
    message: message ?? expect.any(String),
    extensions: { ...extensions, requestId: 'request-1' },
  };
}
