import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readMarkdownFiles, repository } from './markdown.ts';

const files = readMarkdownFiles();
const { scripts, dependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

/** Commands of npm's own that a document may name. */
const NPM_COMMANDS = ['audit', 'ci', 'install', 'outdated', 'run'];

/** The beginning of a command: of a line, behind another command, or behind variables for its environment. */
const START = String.raw`(?:^|&&|;|\|)[ \t]*(?:\$ )?(?:[A-Z_]+=\S*\s+)*`;

test.for(files)('$path names npm scripts that exist', ({ code }) => {
  const named = code.flatMap((text) => [...text.matchAll(/\bnpm (run )?(?:--\w+ )*([a-z][\w:-]*)/g)]);
  for (const [command, run, name = ''] of named) {
    if (run === undefined && NPM_COMMANDS.includes(name)) continue;
    expect(Object.keys(scripts), command).toContain(name);
  }
});

// clients.md is about projects of its readers, who have a Node of their own.
const ownFiles = files.filter(({ path }) => path !== 'docs/clients.md');

test.for(ownFiles)('$path names no command that the Node of the machine would run', ({ code }) => {
  const pattern = new RegExp(`${START}(?:node|npx|tsx?) +\\S.*`, 'gm');
  expect(code.flatMap((text) => text.match(pattern) ?? [])).toEqual([]);
});

test.for(files)('$path links to what exists', ({ path, links }) => {
  for (const link of links) {
    if (/^[a-z]+:/.test(link)) continue;
    const [target = '', anchor] = link.split('#');
    const linked = target === '' ? path : join(dirname(path), target);
    expect(existsSync(join(repository, linked)), link).toBe(true);
    if (anchor !== undefined) {
      expect(files.find((file) => file.path === linked)?.anchors, link).toContain(anchor);
    }
  }
});

test('npm scripts run on the Node that package.json and .node-version name, whichever the machine has', () => {
  const { stdout } = spawnSync('npm', ['exec', '-c', 'node --version'], {
    cwd: repository,
    encoding: 'utf8',
  });
  expect(stdout.trim()).toBe(`v${dependencies.node}`);
  expect(readFileSync(join(repository, '.node-version'), 'utf8')).toBe(`${dependencies.node}\n`);
});
