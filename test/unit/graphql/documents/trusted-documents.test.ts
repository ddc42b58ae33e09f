import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type PersistedDocumentsMode,
  TrustedDocuments,
  textWithoutManifest,
} from '#graphql/documents/trusted-documents.ts';
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

/** What becomes of a request: the text that is executed, or why it is refused; and whether it was noted as untrusted. */
async function resolve(mode: PersistedDocumentsMode, given: Partial<Parameters>) {
  const untrusted: (string | undefined)[] = [];
  try {
    const text = await create(mode).resolve(parameters(given), (noted) => untrusted.push(noted));
    return { text, untrusted };
  } catch (error) {
    return { error, untrusted };
  }
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
    expect(await resolve(mode, given)).toEqual({ text, untrusted: [] });
  });

  test('another text is told from those that are trusted', async () => {
    for (const given of [
      { query: other },
      { query: `${trusted} ` },
      { query: other, persistedQueryHash: hashOf(other) },
    ]) {
      const refused = { error: expect.objectContaining({ code: 'PERSISTED_DOCUMENT_REQUIRED' }) };
      expect(await resolve(mode, given)).toEqual({
        ...(mode === 'require' ? refused : { text: given.query }),
        untrusted: mode === 'allow' ? [] : [given.query],
      });
    }
  });

  test.each<Partial<Parameters>>([
    { query: other, documentId: 'number 1' },
    { query: other, persistedQueryHash: hashOf(trusted) },
    { query: other, persistedQueryHash: 'unknown' },
  ])('a text and an id that contradict each other are refused: %j', async (given) => {
    const { error } = await resolve(mode, given);
    expect(error).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });
});

describe.each(['allow', 'log'] as const)('in mode %s, an id that nobody registered', (mode) => {
  test('makes clients of Apollo\u2019s protocol send the text, and is an error to others', async () => {
    const code = 'PERSISTED_QUERY_NOT_FOUND';
    const apollo = await resolve(mode, { persistedQueryHash: 'x' });
    expect(apollo.error).toMatchObject({ status: 200, message: 'PersistedQueryNotFound', code });
    expect((await resolve(mode, { documentId: 'x' })).error).toMatchObject({ status: 400, code });
  });
});

test('in mode require, an id that nobody registered is no document', async () => {
  for (const given of [{ documentId: '__proto__' }, { persistedQueryHash: 'x' }]) {
    const { error, untrusted } = await resolve('require', given);
    expect(error).toMatchObject({ status: 400, code: 'PERSISTED_DOCUMENT_REQUIRED' });
    expect(untrusted).toEqual([undefined]);
  }
});

test('without a manifest a request has to bring its text', () => {
  expect(textWithoutManifest(parameters({ query: other, persistedQueryHash: 'x' }))).toBe(other);
  expect(() => textWithoutManifest(parameters({ documentId: 'x' }))).toThrow(
    expect.objectContaining({ status: 400 }),
  );
  expect(() => textWithoutManifest(parameters({ persistedQueryHash: 'x' }))).toThrow(
    expect.objectContaining({ status: 200, message: 'PersistedQueryNotSupported' }),
  );
});
