import { expect, test } from 'vitest';
import { parseManifest, readManifest } from '#graphql/documents/manifest.ts';

const apollo = (operations: unknown, version: unknown = 1) =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version, operations });
const profile = { id: 'a', name: 'Profile', type: 'query', body: '{ a }' };

test.each([
  [
    'client-preset',
    '{ "sha256:abc": "{ a }", "2": "{ b }" }',
    [
      ['2', '{ b }'],
      ['sha256:abc', '{ a }'],
    ],
  ],
  [
    'Apollo Client',
    apollo([profile, { ...profile, id: '2', body: '{ b }' }]),
    [
      ['2', '{ b }'],
      ['a', '{ a }'],
    ],
  ],
  [
    'Apollo Client, with a document for two operations',
    apollo([profile, { ...profile, name: 'Other' }]),
    [['a', '{ a }']],
  ],
  ['an empty one', '{}', []],
  ['an editor that marks its encoding', '\uFEFF{ "a": "{ a }" }', [['a', '{ a }']]],
  [
    'a name of a property of objects',
    '{ "__proto__": "{ a }", "constructor": "{ b }" }',
    [
      ['__proto__', '{ a }'],
      ['constructor', '{ b }'],
    ],
  ],
])('a manifest is read as it is written by %s', (_, text, documents) => {
  expect([...parseManifest(text, 'm.json')].sort()).toEqual(documents);
});

test.each([
  ['no JSON', '{', 'JSON'],
  ['a list', '[]', 'it is not a JSON object'],
  ['text', '"{ a }"', 'it is not a JSON object'],
  [
    'a document that is no text',
    '{ "a": "{ a }", "b": 1, "c": null }',
    '"b": is not the text of a document\n  - "c": is not',
  ],
  ['Apollo\u2019s format of another version', apollo([profile], 2), 'of version 1'],
  ['Apollo\u2019s format without a list', apollo({}), 'with a list of "operations"'],
  ['an operation without an id', apollo([{ ...profile, id: undefined }]), 'no "id"'],
  [
    'an operation without a body',
    apollo([{ ...profile, body: undefined }]),
    '"a": is not the text of a document',
  ],
  ['an operation that is none', apollo(['{ a }']), 'no "id"'],
  [
    'one id for two documents',
    apollo([profile, { ...profile, body: '{ b }' }]),
    '"a": stands for two documents',
  ],
])('a manifest is refused, with its path and what is wrong: %s', (_, text, problem) => {
  expect(() => parseManifest(text, 'm.json')).toThrow("The manifest m.json can't be used:\n  - ");
  expect(() => parseManifest(text, 'm.json')).toThrow(problem);
});

test('of many problems twenty are listed, and ids are cut short', () => {
  const manifest = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [`${index}${'x'.repeat(200)}`, 1]),
  );
  expect(() => parseManifest(JSON.stringify(manifest), 'm.json')).toThrow(
    /^(?:.{0,150}\n){21} {2}- and 10 more$/,
  );
});

test('a manifest that cannot be read is refused as well', async () => {
  await expect(readManifest('/nowhere/m.json')).rejects.toThrow(
    /The manifest \/nowhere\/m\.json can't be used:\n {2}- ENOENT/,
  );
});
