import { describe, expect, test } from 'vitest';
import { createSchema } from '#graphql/schema.ts';
import { ManifestError, readTrustedDocuments } from '#graphql/trusted-documents.ts';
import { hashOf, idOf, manifestOf, writeManifest } from '../../security/manifest.ts';

const limits = { maxTokens: 100, maxDepth: 3, maxAliases: 2 };
const rules = { schema: createSchema(), limits, introspection: true };

async function problems(path: string, changed = {}): Promise<string> {
  const error = await readTrustedDocuments(path, { ...rules, ...changed }).catch((thrown: unknown) => thrown);
  if (!(error instanceof ManifestError)) throw new Error(`A ManifestError was to come, not ${error}`);
  expect(error.message).toContain(`PERSISTED_DOCUMENTS, ${path}, can't be used:\n  - `);
  return error.message;
}

test('reads what client-preset 6 writes', async () => {
  const id = 'd5a2fdc1ed0b08ca4b78335d6989b3d2fad4a1d8630a8b6180bba8fc896361e7';
  const text =
    'fragment More on CommunityUser { avatar } query Profile($communityId: ID!, $userId: ID!) ' +
    '{ communityUser(userId: $userId, communityId: $communityId) { id username ...More } }';
  const path = await writeManifest(JSON.stringify({ [`sha256:${id}`]: text }, null, 2));
  expect(await readTrustedDocuments(path, rules)).toEqual(new Map([[id, text]]));
});

test('reads hashes without a prefix, as client-preset 4 wrote them', async () => {
  const text = '{ __typename }';
  const path = await writeManifest(JSON.stringify({ [hashOf(text)]: text }));
  expect(await readTrustedDocuments(path, rules)).toEqual(new Map([[hashOf(text), text]]));
});

test('reads an empty manifest', async () => {
  expect(await readTrustedDocuments(await writeManifest('{}'), rules)).toEqual(new Map());
});

describe('a manifest is refused', () => {
  test('that is not there', async () => {
    expect(await problems('/nowhere/manifest.json')).toContain('ENOENT');
  });

  test('that is a folder', async () => {
    expect(await problems(import.meta.dirname)).toContain('EISDIR');
  });

  test('that is not JSON', async () => {
    expect(await problems(await writeManifest('{"a":'))).toContain('JSON');
  });

  test.each(['[]', 'null', '"text"'])('that is %s', async (content) => {
    expect(await problems(await writeManifest(content))).toContain('it is not a JSON object');
  });

  test.each([
    ['SHA-1', '6367c48dd193d56ea7b0baad25b19455e529f5ee'],
    ['capitals', hashOf('{ __typename }').toUpperCase()],
    ['a name', 'Profile'],
    ['no key', ''],
  ])('with a key that is no SHA-256: %s', async (_, key) => {
    const path = await writeManifest(JSON.stringify({ [key]: '{ __typename }' }));
    expect(await problems(path)).toContain(`"${key}": is no SHA-256`);
  });

  test('with an entry that is no text', async () => {
    const id = idOf('{ __typename }');
    expect(await problems(await writeManifest(JSON.stringify({ [id]: 1 })))).toContain(
      `"${id}": is not the text`,
    );
  });

  test('with a text that has another hash', async () => {
    const id = idOf('{ __typename }');
    const path = await writeManifest(JSON.stringify({ [id]: '{ __typename  }' }));
    expect(await problems(path)).toContain(`"${id}": is not the SHA-256 of its text`);
  });

  test.each([
    ['does not parse', '{', 'Syntax Error'],
    ['is not valid', '{ nothing }', 'Cannot query field "nothing"'],
    [
      'is too deep',
      '{ communityUser(communityId: "a", userId: "b") { community { user(userId: "c") { _id } } } }',
      'fields deep',
    ],
    ['has too many aliases', '{ a: __typename b: __typename c: __typename }', '3 aliases'],
    ['has too many tokens', `{ ${'__typename '.repeat(100)} }`, '100 tokens'],
  ])('with a document that %s', async (_, text, message) => {
    expect(await problems(await manifestOf(text))).toContain(message);
  });

  test('with introspection, where that is off', async () => {
    const text = '{ __schema { queryType { name } } }';
    const path = await manifestOf(text);
    expect(await readTrustedDocuments(path, rules)).toHaveLength(1);
    expect(await problems(path, { introspection: false })).toContain('introspection has been disabled');
  });

  test('and names every problem, twenty at the most', async () => {
    const two = await problems(await manifestOf('{', '{ nothing }', '{ __typename }'));
    expect(two.match(/^ {2}- /gm)).toHaveLength(2);
    const many = await problems(
      await manifestOf(...Array.from({ length: 30 }, (_, index) => `{ wrong${index} }`)),
    );
    expect(many.match(/^ {2}- /gm)).toHaveLength(21);
    expect(many).toContain('and 10 more');
  });
});
