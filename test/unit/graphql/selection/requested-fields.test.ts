import { describe, expect, test } from 'vitest';
import { communityUserResource } from '#graphql/community-user/resource.ts';
import { type FieldCosts, requestedFields, type SelectionInfo } from '#graphql/selection/requested-fields.ts';
import { infoOfUser } from './info.ts';

interface Type {
  readonly __typename?: 'CommunityUser';
  readonly email: unknown;
  readonly displayName: unknown;
  readonly userId: unknown;
}

const costs: FieldCosts<Type, 'email' | 'firstName' | 'lastName'> = {
  email: ['email'],
  displayName: ['lastName', 'firstName'],
  userId: [],
};

const createRequested = () => requestedFields('CommunityUser', costs, communityUserResource);

/** The same info, which tells how often its selections were looked at. */
function watched(info: SelectionInfo): { info: SelectionInfo; looks: () => number } {
  let count = 0;
  const fieldNodes = info.fieldNodes.map((node) => {
    const { selectionSet } = node;
    if (selectionSet === undefined) return node;
    return {
      ...node,
      get selectionSet() {
        count++;
        return selectionSet;
      },
    };
  });
  return { info: { ...info, fieldNodes }, looks: () => count };
}

test.each([
  ['what its fields cost, in the order of the flags', 'email displayName', '?firstName&lastName&email'],
  ['nothing where they cost nothing', 'userId __typename', '?'],
  ['a shared cost once', 'displayName again: displayName', '?firstName&lastName'],
])('a selection costs %s', (_what, selections, query) => {
  expect(communityUserResource.query(createRequested()(infoOfUser(selections)))).toBe(query);
});

describe('what a selection costs', () => {
  test('is worked out once for the same nodes, whatever the variables', () => {
    const requested = createRequested();
    const { info, looks } = watched(infoOfUser('email ... { displayName }'));
    const fields = requested(info);
    expect(requested(info)).toBe(fields);
    expect(requested({ ...info, variableValues: { some: 'others' } })).toBe(fields);
    expect(looks()).toBe(1);
  });

  test('is worked out once for the same nodes and variables where it depends on conditions', () => {
    const requested = createRequested();
    const { info, looks } = watched(
      infoOfUser('email @include(if: $if)', { declarations: '($if: Boolean!)', variables: { if: true } }),
    );
    expect(requested(info)).toBe(requested(info));
    expect(looks()).toBe(1);
  });

  test('is worked out anew for other variables where it depends on conditions', () => {
    const requested = createRequested();
    const info = infoOfUser('email @include(if: $if) displayName @skip(if: $if)', {
      declarations: '($if: Boolean!)',
      variables: { if: true },
    });
    const queryFor = (condition: boolean) =>
      communityUserResource.query(requested({ ...info, variableValues: { if: condition } }));
    expect([true, false, false, true].map(queryFor)).toEqual([
      '?email',
      '?firstName&lastName',
      '?firstName&lastName',
      '?email',
    ]);
  });
});
