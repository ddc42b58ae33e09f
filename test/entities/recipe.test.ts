import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { communityId, getOf, userId } from '../support/demo.ts';
import { apply, type Copy, copyRepository, readRecipe, startCopy } from './recipe.ts';

const run = promisify(execFile);

// The commands of the recipe take seconds each, and more where the machine is busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const [field, resource] = [readRecipe('A field'), readRecipe('A resource')];

const user = (id: string) => `communityUser(communityId: "${communityId}", userId: "${id}")`;

describe('the service with the changes of both recipes, its types generated and checked', () => {
  let folder: string;
  let copy: Copy;

  beforeAll(async () => {
    folder = copyRepository();
    for (const edit of [...field, ...resource]) apply(folder, edit);
    // What is generated is for the compiler: the service runs without it.
    const generateAndCheck = async () => {
      await Promise.all(['codegen', 'schema'].map((script) => run('npm', ['run', script], { cwd: folder })));
      await run(join(folder, 'node_modules/.bin/tsc'), ['--noEmit'], { cwd: folder });
    };
    [copy] = await Promise.all([startCopy(folder), generateAndCheck()]);
  });
  afterAll(async () => {
    await copy?.stop();
    rmSync(folder, { recursive: true });
  });

  async function ask(query: string) {
    const response = await fetch(`${copy.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-upstream-report': '1',
        authorization: 'Bearer demo-member',
      },
      body: JSON.stringify({ query }),
    });
    return JSON.parse(await response.text());
  }

  test('a field is added as the recipe says: a line for the SDL, the enum and the entity, and demo data', async () => {
    expect(field.filter(({ path }) => !path.startsWith('src/mock-api/'))).toHaveLength(3);
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

  test('a resource is added as the recipe says: its SDL, its entity, a line, and its root field', async () => {
    const paths = new Set(resource.map(({ path }) => path));
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
});

test('a step that is forgotten is named at start, in plain words', async () => {
  const folder = copyRepository();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const edit of field.slice(0, 2)) apply(folder, edit);
  const message = await startCopy(folder).catch(String);
  expect(message).toContain(
    '- src/graphql/entities/community-user.ts: CommunityUser.phone is in schema/ only',
  );
  expect(message).not.toMatch(/^ +at /m);
});
