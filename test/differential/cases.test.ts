import { expect, onTestFinished, test } from 'vitest';
import { compare } from './compare.ts';
import { startPipeline } from './pipeline.ts';
import { ScriptedReader } from './scripted-reader.ts';

/** Sends an operation, which must be answered as graphql-js answers it. */
async function ask(query: string, variables: object, { traced = false } = {}) {
  const pipeline = await startPipeline({ traced });
  onTestFinished(pipeline.stop);
  const sent = { hasToken: true, newer: false };
  if (!traced) await compare(pipeline, { query, executions: [{ ...variables }], ...sent, seed: 1 });
  const api = new ScriptedReader('together');
  const { body } = await pipeline.answer({ ...sent, body: JSON.stringify({ query, variables }) }, api);
  expect(pipeline.unexpected).toEqual([]);
  const { data, errors = [] } = JSON.parse(body);
  return { data, paths: errors.map(({ path }: { path?: unknown }) => path), waves: api.waves };
}

test('introspection that fails in part keeps the rest, and each null has its own error', async () => {
  const { data, paths } = await ask(
    `query($b: Boolean = true) {
      __type(name: "Community") { name fields { name @skip(if: $b) } all: fields { name @include(if: $b) } }
      __typename
    }`,
    { b: null },
  );
  expect(data).toEqual({ __type: { name: 'Community', fields: null, all: null }, __typename: 'Query' });
  expect(paths).toEqual([
    ['__type', 'fields', 0],
    ['__type', 'all', 0],
  ]);
});

test('a fragment that is spread again is not spread again, even where the condition is null', async () => {
  const { data } = await ask(
    `query($b: Boolean = true) { communityUser(communityId: "c1", userId: "u1") { ...F ...F @skip(if: $b) } }
    fragment F on CommunityUser { userId }`,
    { b: null },
  );
  expect(data).toEqual({ communityUser: { userId: 'u1' } });
});

test('what stands beside an object that waits and becomes null is executed, and only the last cause is told', async () => {
  const { data, paths, waves } = await ask(
    `query($f: CommunityUserField = email, $us: [ID!] = []) {
      communityUser(communityId: "c1", userId: "u1") {
        community { user(userId: "u5") { email } users(userIds: $us) { email } }
        other: community { user(userId: "u2") { email } }
        isWithheld(field: $f)
        email
      }
    }`,
    { f: null, us: null },
  );
  expect(data).toEqual({ communityUser: null });
  expect(paths).toEqual([
    ['communityUser', 'community', 'user'],
    ['communityUser', 'isWithheld'],
  ]);
  expect(waves[1]?.map((url) => url.split('/').at(-1))).toEqual(['u5?email', 'u2?email']);
});

test('only entities are represented, be the operation traced or not', async () => {
  const query = 'query($rs: [_Any!]!) { _entities(representations: $rs) { __typename } }';
  for (const traced of [false, true]) {
    const { data, paths } = await ask(query, { rs: [{ __typename: 'Query' }] }, { traced });
    expect(data).toEqual({ _entities: [null] });
    expect(paths).toEqual([['_entities', 0]]);
  }
});

test('an integer that JSON has rounded names nobody, in a variable or in a representation', async () => {
  const query = 'query($u: ID!) { communityUser(communityId: "c1", userId: $u) { email } }';
  const refused = await ask(query, { u: 2 ** 53 });
  expect(refused).toEqual({ data: undefined, paths: [undefined], waves: [] });

  const { data, paths, waves } = await ask(
    'query($rs: [_Any!]!) { _entities(representations: $rs) { __typename } }',
    { rs: [{ __typename: 'CommunityUser', communityId: 'c1', userId: 2 ** 53 }] },
  );
  expect({ data, paths, waves }).toEqual({
    data: { _entities: [null] },
    paths: [['_entities', 0]],
    waves: [],
  });
});
