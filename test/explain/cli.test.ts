import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const GET = 'GET /apis/v1/communities/$communityId/users/$userId?displayName&email';

/** Runs the command with these arguments, and this on its standard input. */
async function explain(args: readonly string[], input = '', env: Readonly<Record<string, string>> = {}) {
  const { NODE_COMPILE_CACHE = '' } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'src/explain/cli.ts'), ...args], {
    env: { NODE_COMPILE_CACHE, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.on('error', () => {}).end(input);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

/** The first operation that README.md shows. */
async function readmeOperation(): Promise<string> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  return /```graphql\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
}

/** Writes files for the time of a test; gives their folder. */
async function write(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'explain-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

test('the operation of the README is one GET, with exactly its fields', async () => {
  const { code, stdout, stderr } = await explain(['-'], await readmeOperation());
  expect(stdout.match(/GET .*/g)).toEqual([GET]);
  expect(stdout).toMatch(/^standard input {2}Profile\n/);
  expect(stdout).toMatch(
    /depth 2\/10, aliases \d\/100, directives 1\/200, tokens \d+\/4000, bytes \d+\/102400/,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('files, globs and both formats of manifests are read, and told as JSON', async () => {
  const query = await readmeOperation();
  const operations = [{ id: 'p', name: 'Profile', type: 'query', body: query }];
  const folder = await write({
    'a.graphql': query,
    'b.graphql': '{ __typename }',
    'client-preset.json': JSON.stringify({ 'sha256:abc': query }),
    'apollo.json': JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }),
  });
  const paths = ['*.graphql', 'client-preset.json', 'apollo.json'].map((name) => join(folder, name));
  const { code, stdout } = await explain(['--json', ...paths]);
  const { limits, documents } = JSON.parse(stdout);
  expect(limits).toMatchObject({ maxDepth: 10, maxBytes: 102_400 });
  expect(documents).toMatchObject(
    ['a.graphql', 'b.graphql', 'client-preset.json#sha256:abc', 'apollo.json#p'].map((name) => ({
      source: join(folder, name),
      problems: [],
      operations: [{ variants: [{ calls: name === 'b.graphql' ? [] : [{ request: GET, times: [] }] }] }],
    })),
  );
  expect(code).toBe(0);
});

test('a glob skips folders, and one that is named is said to be none', async () => {
  const folder = await write({ 'a.graphql': '{ __typename }' });
  await mkdir(join(folder, 'b.graphql'));
  expect(await explain([join(folder, '*')])).toMatchObject({ code: 0, stderr: '' });
  const named = await explain([join(folder, 'b.graphql')]);
  expect(named).toMatchObject({ code: 2, stderr: expect.stringContaining("b.graphql can't be read") });
});

test('where nobody reads on, it ends without a word', async () => {
  const child = spawn(process.execPath, [join(ROOT, 'src/explain/cli.ts'), '-'], { env: {} });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdout.destroy();
  child.stdin.end('{ __typename }');
  const [[code], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('an operation is told under its own conditions, not under those of others in the document', async () => {
  const document = 'query A($a: Boolean!) { __typename @skip(if: $a) } query B { __typename }';
  const { stdout } = await explain(['-'], document);
  const [first, second] = stdout.split('standard input  B');
  expect(first).toContain('when $a = true');
  expect(second).not.toContain('when');
});

test('a document that would be refused is named, and the exit code is 1', async () => {
  const folder = await write({ 'good.graphql': '{ __typename }', 'bad.graphql': '{ nothing }' });
  const { code, stdout } = await explain([join(folder, '*.graphql')]);
  expect(stdout).toContain('refused: 1:3 Cannot query field "nothing" on type "Query".');
  expect(stdout).toContain('2 documents, 1 refused');
  expect(code).toBe(1);
});

test('the limits are those of the environment', async () => {
  const { code, stdout } = await explain(['-'], '{ a: __typename }', { MAX_QUERY_ALIASES: '0' });
  expect(stdout).toContain('1 aliases; at most 0');
  expect(code).toBe(1);
});

test.each<[string, string[], string, Record<string, string>?]>([
  ['no argument', [], 'Name files'],
  ['no such file', ['/nowhere/*.graphql'], 'No file matches'],
  ['a folder', [ROOT], "can't be read"],
  ['an unknown option', ['--nothing'], '--nothing'],
  ['a bad setting', ['-'], 'MAX_QUERY_DEPTH', { MAX_QUERY_DEPTH: 'x' }],
])(
  'where nothing can be explained it says so in a sentence, and the exit code is 2: %s',
  async (_what, args, message, env) => {
    const { code, stdout, stderr } = await explain(args, '', env);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  },
);

test('it explains itself', async () => {
  const { code, stdout } = await explain(['--help']);
  expect(stdout).toContain('--json');
  expect(code).toBe(0);
});
