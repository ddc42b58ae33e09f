import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demoCallers, demoUsers } from '#http/explorers/example.ts';
import { resources } from '#mock-api/data.ts';
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
  const special = resources.flatMap(({ items }) => items.filter(({ behavior }) => behavior !== undefined));
  // The first is the documented example, the third is absent.
  expect(
    demoUsers
      .map(({ id }) => id)
      .toSpliced(2, 1)
      .slice(1),
  ).toEqual(special.map(({ key }) => key.at(-1)));
});
