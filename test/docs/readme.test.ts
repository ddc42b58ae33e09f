import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demoCallers, demoUsers, example } from '#http/explorers/example.ts';
import { demoUsers as usersOfMockApi } from '#mock-api/demo-users.ts';
import { repository } from './markdown.ts';

const readme = readFileSync(join(repository, 'README.md'), 'utf8');

/** The rows of the table that has this head. */
function tableRows(head: string): string[] {
  const [, table = ''] = readme.split(`${head}\n|---|---|\n`);
  return table.slice(0, table.indexOf('\n\n')).split('\n');
}

test('README and explorers name the same demo callers', () => {
  expect(tableRows('| token | who |')).toEqual(
    demoCallers.map(({ token, who }) => `| \`${token}\` | ${who} |`),
  );
});

test('README, explorers and embedded REST API name the same demo users', () => {
  expect(tableRows('| userId | what |')).toEqual(demoUsers.map(({ id, what }) => `| \`${id}\` | ${what} |`));
  const ids = [example.variables.userId, ...usersOfMockApi.map(({ id }) => id)];
  expect(demoUsers.map(({ id }) => id)).toEqual(ids);
});
