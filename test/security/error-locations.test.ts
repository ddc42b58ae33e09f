import { describe, expect, test } from 'vitest';
import { type Answer, startLayer } from '../support/layer.ts';

/** Lines in front of an operation; with a few more, a document is as large as it may be. */
const LINES = 90_000;
const PLACES = 1000;

const userIds = Array(PLACES).fill('..');
const users = (selection: string) => `communityUsers(communityId: "c", userIds: $userIds) { ${selection} }`;

/** Operations that have an error in each of very many places, and where in their line it is. */
const operations: readonly (readonly [name: string, operation: string, at: string])[] = [
  [
    'an id',
    `query ($userIds: [ID!]!, $no: ID = "") { communityUser(communityId: "c", userId: $no) { id } ${users('id')} }`,
    'communityUsers',
  ],
  [
    'a representation',
    `query ($list: [_Any!]!) { _entities(representations: $list) { __typename } }`,
    '_entities',
  ],
  [
    'an argument',
    `query ($list: [_Any!]!, $no: ID = "") { _entities(representations: $list) { ... on Community { user(userId: $no) { id } } } }`,
    '$no)',
  ],
  [
    'a condition',
    `query ($list: [_Any!]!, $no: Boolean = true) { _entities(representations: $list) { ... on Community { id @skip(if: $no) } } }`,
    '$no)',
  ],
];

describe.each(['plain', 'traced'])('in an answer, %s', (how) => {
  test.each(operations)(
    'what is wrong with %s at each place of a document of very many lines is located at no cost',
    async (name, operation, at) => {
      const layer = await startLayer({ env: { FEDERATED_TRACING: 'true' } });
      const list = Array(PLACES).fill(
        name === 'a representation' ? {} : { __typename: 'Community', id: 'c' },
      );
      const headers: Record<string, string> =
        how === 'traced' ? { 'apollo-federation-include-trace': 'ftv1' } : {};
      const ask = async (lines: number): Promise<readonly [Answer, number]> => {
        const started = process.threadCpuUsage();
        const answer = await layer.query('\n'.repeat(lines) + operation, {
          variables: { userIds, list, no: null },
          headers,
        });
        const { user, system } = process.threadCpuUsage(started);
        return [answer, user + system];
      };
      const [, few] = await ask(0);
      const [{ errors = [] }, many] = await ask(LINES);
      expect(errors.length).toBeGreaterThanOrEqual(PLACES);
      const location = { line: LINES + 1, column: operation.lastIndexOf(at) + 1 };
      expect(errors.at(-1)).toMatchObject({ locations: [location] });
      // To count the lines anew for each error took two seconds.
      expect(many - few).toBeLessThan(1_000_000);
    },
  );
});
