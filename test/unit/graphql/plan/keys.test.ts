import { expect, test } from 'vitest';
import { ofRepresentedType } from '#graphql/plan/keys.ts';

const types = new Map([['User', 1]]);

function errorOf(representation: unknown): unknown {
  try {
    return ofRepresentedType(representation, types);
  } catch (error) {
    return error;
  }
}

test('a representation is of the type that its own __typename names', () => {
  const representation = { __typename: 'User', id: 'a' };
  expect(ofRepresentedType(representation, types)).toEqual({ type: 1, representation });
});

test('whatever else comes as a representation has one error, which is made once', () => {
  const error = errorOf({});
  expect(error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  const wrong = [null, 5, 'User', ['User'], { __typename: 'Other' }, { __typename: 1 }];
  for (const one of [...wrong, Object.create({ __typename: 'User' })]) expect(errorOf(one)).toBe(error);
});
