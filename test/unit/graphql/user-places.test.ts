import { expect, test } from 'vitest';
import { found } from '../../support/scripted-reader.ts';
import { createExecutors } from './execution/executors.ts';

const sixty = (selection: (index: number) => string) =>
  Array.from({ length: 60 }, (_, index) => selection(index)).join(' ');

/** Selections of a community below a list of twenty users, and whether they need more than a thousand places. */
test.each([
  ['sixty users', sixty((index) => `u${index}: user(userId: "a") { _id }`), true],
  ['one user that is selected sixty times', sixty(() => 'user(userId: "a") { _id }'), false],
  ['one user of a fragment that is spread sixty times', sixty(() => '... { ...One }'), false],
  [
    'sixty users that are skipped',
    sixty((index) => `u${index}: user(userId: "a") @skip(if: $yes) { _id }`),
    false,
  ],
  [
    'sixty users that are not included',
    `... @include(if: false) { ${sixty((index) => `u${index}: user(userId: "a") { _id }`)} }`,
    false,
  ],
  [
    'sixty users that are included',
    `... @include(if: $yes) { ${sixty((index) => `u${index}: user(userId: "a") { _id }`)} }`,
    true,
  ],
])('below a list, %s', async (_what, selections, areTooMany) => {
  const execute = createExecutors(({ question }) => found(question, { _id: 'x' }));
  const query = `query ($yes: Boolean!, $ids: [ID!]!) {
    communityUsers(communityId: "c", userIds: $ids) { _id @include(if: $yes) community { id ${selections} } }
  }
  ${selections.includes('...One') ? 'fragment One on Community { user(userId: "a") { _id } }' : ''}`;
  const variables = { yes: true, ids: Array.from({ length: 20 }, (_, index) => `u${index}`) };
  for (let time = 0; time < 3; time++) {
    const { errors = [] } = await execute(query, { variables });
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(areTooMany ? ['TOO_MANY_USERS'] : []);
  }
});
