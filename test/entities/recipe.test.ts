import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { communityId, getOf, userId } from '../support/demo.ts';
import { apply, copyRepository, readRecipe, startCopy } from './recipe.ts';

const run = promisify(execFile);

// The commands of the recipe take seconds each, and more where the machine is busy.
vi.setConfig({ testTimeout: 240_000 });

/** The service with the changes of the recipe, its types generated and checked. */
async function startChanged(heading: string) {
  const folder = copyRepository();
  const edits = readRecipe(heading);
  for (const edit of edits) apply(folder, edit);
  await run('npm', ['run', 'codegen'], { cwd: folder });
  await run('npm', ['run', 'schema'], { cwd: folder });
  await run(join(folder, 'node_modules/.bin/tsc'), ['--noEmit'], { cwd: folder });
  const url = await startCopy(folder);
  const ask = async (query: string) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-upstream-report': '1',
        authorization: 'Bearer demo-member',
      },
      body: JSON.stringify({ query }),
    });
    return JSON.parse(await response.text());
  };
  return { edits, folder, ask };
}

const user = (id: string) => `communityUser(communityId: "${communityId}", userId: "${id}")`;

test('a field is added as the recipe says: a line for the SDL, the enum and the entity, and demo data', async () => {
  const { edits, ask } = await startChanged('A field');
  expect(edits.filter(({ path }) => !path.startsWith('src/mock-api/'))).toHaveLength(3);
  const { data, extensions } = await ask(`{
    ${user(userId())} { phone lastName }
    other: ${user(userId(5))} { hidden: isWithheld(field: phone) phone }
    _entities(representations: [{ __typename: "CommunityUser", communityId: "${communityId}", userId: "${userId(6)}" }]) {
      ... on CommunityUser { phone } } }`);
  expect(data).toEqual({
    communityUser: { phone: '+49 30 1234567', lastName: 'Doe' },
    other: { hidden: false, phone: '+49 30 5' },
    _entities: [{ phone: '+49 30 6' }],
  });
  expect(extensions.upstream.calls.map(({ path }: { path: string }) => path)).toEqual([
    getOf(userId(), 'lastName&phone'),
    getOf(userId(5), 'phone'),
    getOf(userId(6), 'phone'),
  ]);
});

test('a step that is forgotten is named at start, in plain words', async () => {
  const folder = copyRepository();
  for (const edit of readRecipe('A field').slice(0, 2)) apply(folder, edit);
  const message = await startCopy(folder).catch(String);
  expect(message).toContain(
    '- src/graphql/entities/community-user.ts: CommunityUser.phone is in schema/ only',
  );
  expect(message).not.toMatch(/^ +at /m);
});

test('a resource is added as the recipe says: its SDL, its entity, a line, and its root field', async () => {
  const { edits, folder, ask } = await startChanged('A resource');
  const paths = new Set(edits.map(({ path }) => path));
  expect([...paths].filter((path) => !path.startsWith('src/mock-api/'))).toEqual([
    'schema/account.graphql',
    'src/graphql/entities/account.ts',
    'src/graphql/entities/index.ts',
    'schema/query.graphql',
    'src/graphql/entities/query.ts',
  ]);
  const { data, errors, extensions } = await ask(`{
    account(userId: "${userId()}") { points phone }
    ${user(userId())} { username }
    none: account(userId: "nobody") { userId } }`);
  expect([data, errors]).toEqual([
    { account: { points: 12, phone: null }, communityUser: { username: 'admin' }, none: null },
    undefined,
  ]);
  expect(extensions.upstream).toMatchObject({ users: 3, items: { account: 2, communityUser: 1 } });
  expect(extensions.upstream.calls.map(({ path }: { path: string }) => path).toSorted()).toEqual([
    getOf(userId(), 'username'),
    `/apis/v1/users/${userId()}?phone&points`,
    '/apis/v1/users/nobody?_id',
  ]);
  const explained = run('npm', ['run', '-s', 'explain', '--', '-'], { cwd: folder });
  explained.child.stdin?.end('{ account(userId: "u") { points } }');
  expect((await explained).stdout).toContain('GET /apis/v1/users/u?points\n');
});
