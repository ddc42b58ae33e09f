import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { TrustedDocuments, textWithoutManifest } from '#graphql/documents/trusted-documents.ts';
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

const create = (mode: TrustedDocuments['mode']) =>
  new TrustedDocuments(
    new Map([
      [`sha256:${hashOf(trusted)}`, trusted],
      ['number 1', '{ one }'],
    ]),
    mode,
  );

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
  ])('a document is found by %j', (given, text) => {
    expect(create(mode).resolve(parameters(given))).toEqual({ text, isTrusted: true });
  });

  test('another text is told from those that are trusted', () => {
    const documents = create(mode);
    for (const given of [
      { query: other },
      { query: `${trusted} ` },
      { query: other, persistedQueryHash: hashOf(other) },
    ]) {
      expect(documents.resolve(parameters(given))).toEqual({ text: given.query, isTrusted: false });
    }
  });

  test.each<Partial<Parameters>>([
    { query: other, documentId: 'number 1' },
    { query: other, persistedQueryHash: hashOf(trusted) },
    { query: other, persistedQueryHash: 'unknown' },
  ])('a text and an id that contradict each other are refused: %j', (given) => {
    expect(() => create(mode).resolve(parameters(given))).toThrow(
      expect.objectContaining({ status: 400, code: 'BAD_REQUEST' }),
    );
  });
});

describe.each(['allow', 'log'] as const)('in mode %s, an id that nobody registered', (mode) => {
  test('makes clients of Apollo\u2019s protocol send the text, and is an error to others', () => {
    const documents = create(mode);
    const code = 'PERSISTED_QUERY_NOT_FOUND';
    expect(() => documents.resolve(parameters({ persistedQueryHash: 'x' }))).toThrow(
      expect.objectContaining({ status: 200, message: 'PersistedQueryNotFound', code }),
    );
    expect(() => documents.resolve(parameters({ documentId: 'x' }))).toThrow(
      expect.objectContaining({ status: 400, code }),
    );
  });
});

test('in mode require, an id that nobody registered is no document', () => {
  const documents = create('require');
  for (const given of [{ documentId: '__proto__' }, { persistedQueryHash: 'x' }]) {
    expect(documents.resolve(parameters(given))).toEqual({ text: undefined, isTrusted: false });
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
