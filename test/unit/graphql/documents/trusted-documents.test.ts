import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type PersistedDocumentsMode, TrustedDocuments } from '#graphql/documents/trusted-documents.ts';
import type { Parameters } from '#graphql/pipeline/parameters.ts';

const trusted = '{ trusted }';
const other = '{ other }';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

const parameters = (given: Partial<Parameters>): Parameters => ({
  query: undefined,
  documentId: undefined,
  persistedQueryHash: undefined,
  operationName: undefined,
  variables: {},
  ...given,
});

const create = (mode: PersistedDocumentsMode) =>
  new TrustedDocuments(
    new Map([
      [`sha256:${hashOf(trusted)}`, trusted],
      ['number 1', '{ one }'],
    ]),
    mode,
  );

/** Resolves a document; gives its text, and how many documents were noted as untrusted. */
async function resolve(mode: PersistedDocumentsMode, given: Partial<Parameters>) {
  let noted = 0;
  const text = await create(mode).resolve(parameters(given), () => noted++);
  return { text, noted };
}

describe.each(['allow', 'log', 'require'] as const)('in mode %s', (mode) => {
  test.each<[Partial<Parameters>, string]>([
    [{ query: trusted }, trusted],
    [{ documentId: hashOf(trusted) }, trusted],
    [{ documentId: `sha256:${hashOf(trusted)}` }, trusted],
    [{ persistedQueryHash: hashOf(trusted) }, trusted],
    [{ persistedQueryHash: 'number 1' }, '{ one }'],
    [{ query: '{ one }', persistedQueryHash: 'number 1' }, '{ one }'],
    [{ query: trusted, persistedQueryHash: hashOf(trusted) }, trusted],
    [{ query: trusted, documentId: 'unknown' }, trusted],
  ])('a document is found by %j', async (given, text) => {
    expect(await resolve(mode, given)).toEqual({ text, noted: 0 });
  });

  test.each<Partial<Parameters>>([
    { query: other, documentId: 'number 1' },
    { query: other, persistedQueryHash: hashOf(trusted) },
    { query: other, persistedQueryHash: 'unknown' },
  ])('a text and an id that contradict each other are refused: %j', async (given) => {
    const refusal = expect.objectContaining({ status: 400, code: 'BAD_REQUEST' });
    await expect(resolve(mode, given)).rejects.toThrow(refusal);
  });
});

test.each([{ query: other }, { query: `${trusted} ` }, { query: other, persistedQueryHash: hashOf(other) }])(
  'another text is executed, executed and noted, or refused: %j',
  async (given) => {
    expect(await resolve('allow', given)).toEqual({ text: given.query, noted: 0 });
    expect(await resolve('log', given)).toEqual({ text: given.query, noted: 1 });
    const refusal = expect.objectContaining({ status: 400, code: 'PERSISTED_DOCUMENT_REQUIRED' });
    await expect(resolve('require', given)).rejects.toThrow(refusal);
  },
);

test.each(['allow', 'log'] as const)(
  'an id that nobody registered makes clients of Apollo\u2019s protocol send the text, and is an error to others: %s',
  async (mode) => {
    const code = 'PERSISTED_QUERY_NOT_FOUND';
    await expect(resolve(mode, { persistedQueryHash: 'x' })).rejects.toThrow(
      expect.objectContaining({ status: 200, message: 'PersistedQueryNotFound', code }),
    );
    const refusal = expect.objectContaining({ status: 400, code });
    await expect(resolve(mode, { documentId: '__proto__' })).rejects.toThrow(refusal);
  },
);

test('ids that differ by the prefix of hashes alone stand for documents of their own', async () => {
  const documents = new TrustedDocuments(
    new Map([
      ['sha256:a', '{ first }'],
      ['a', '{ second }'],
      ['sha256:b', '{ third }'],
    ]),
    'require',
  );
  const find = (documentId: string) => documents.resolve(parameters({ documentId }), () => {});
  expect(['sha256:a', 'a', 'sha256:b', 'b'].map(find)).toEqual([
    '{ first }',
    '{ second }',
    '{ third }',
    '{ third }',
  ]);
});
