import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './markdown.ts';

const architecture = readFileSync(join(repository, 'docs/architecture.md'), 'utf8');

test('architecture.md has a reason for every dependency', () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(repository, 'package.json'), 'utf8'),
  );
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    expect(architecture).toContain(`\`${name}\``);
  }
});

test.for(['src', 'src/graphql'])('architecture.md has a line for every folder of %s', (folder) => {
  for (const entry of readdirSync(join(repository, folder), { withFileTypes: true })) {
    const name = join(folder, entry.name).slice('src/'.length);
    if (entry.isDirectory()) expect(architecture).toContain(`\`${name}/`);
  }
});

test('architecture.md names files that exist', () => {
  const files = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' });
  const named = [...architecture.matchAll(/`([\w/-]+\.ts)`/g)].map(([, name = '']) => name);
  expect(named).toContain('graphql/entities/community-user.ts');
  for (const name of named)
    expect(
      files.some((file) => `/${file}`.endsWith(`/${name}`)),
      name,
    ).toBe(true);
});
