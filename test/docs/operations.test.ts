import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './markdown.ts';

const operations = readFileSync(join(repository, 'docs/operations.md'), 'utf8');

test('operations.md has a row for every setting that the process reads', () => {
  const source = readFileSync(join(repository, 'src/process/config.ts'), 'utf8');
  const read = [...source.matchAll(/'([A-Z][A-Z_]+)'/g)].map(([, name = '']) => name);
  expect(read).toContain('UPSTREAM_URL');
  for (const name of read) expect(operations).toContain(`\`${name}\``);
});
