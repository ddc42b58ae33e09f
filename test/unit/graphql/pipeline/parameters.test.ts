import { describe, expect, test } from 'vitest';
import { documentText, fromBody, fromSearch, type Parameters } from '#graphql/pipeline/parameters.ts';
import { RequestError } from '#graphql/pipeline/reply.ts';

const nothing: Parameters = {
  query: undefined,
  documentId: undefined,
  persistedQueryHash: undefined,
  operationName: undefined,
  variables: {},
};

/** Reads the same parameters from the body of a POST and from the URL of a GET. */
function readBoth(parameters: Readonly<Record<string, unknown>>): (Parameters | string)[] {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return [() => fromBody(JSON.stringify(parameters)), () => fromSearch(`?${search}`)].map((read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return `${error.status} ${error.message}`;
    }
  });
}

test.each<[Readonly<Record<string, unknown>>, Partial<Parameters>]>([
  [{ query: '{ a }' }, { query: '{ a }' }],
  [
    { query: '{ a }', operationName: 'A', variables: { b: [1] } },
    { query: '{ a }', operationName: 'A', variables: { b: [1] } },
  ],
  [{ query: '{ a }', operationName: '', variables: null, extensions: null }, { query: '{ a }' }],
  [{ query: '{ a }', operationName: null, documentId: null }, { query: '{ a }' }],
  [{ query: '', documentId: 'x' }, { documentId: 'x' }],
  [{ documentId: 'x', extensions: { other: 1 } }, { documentId: 'x' }],
  [{ extensions: { persistedQuery: { version: 1, sha256Hash: 'h' } } }, { persistedQueryHash: 'h' }],
  [
    { extensions: { persistedQuery: { sha256Hash: 'h' } }, query: '{ a }' },
    { query: '{ a }', persistedQueryHash: 'h' },
  ],
  [
    { documentId: 'sha256:h', extensions: { persistedQuery: { sha256Hash: 'h' } } },
    { documentId: 'sha256:h', persistedQueryHash: 'h' },
  ],
])('are read alike from a body and from a URL: %j', (given, right) => {
  const parameters = { ...nothing, ...right };
  expect(readBoth(given)).toEqual([parameters, parameters]);
});

test.each<[Readonly<Record<string, unknown>>, RegExp]>([
  [{}, /^400 .*"query"/],
  [{ query: '' }, /^400 .*"query"/],
  [{ query: '{ a }', variables: [1] }, /^400 "variables" must be a JSON object/],
  [{ query: '{ a }', variables: 1 }, /^400 "variables" must be a JSON object/],
  [{ query: '{ a }', extensions: [] }, /^400 "extensions" must be a JSON object/],
  [{ extensions: { persistedQuery: { sha256Hash: 1 } } }, /^400 .*sha256Hash/],
  [{ extensions: { persistedQuery: { sha256Hash: 'h', version: 2 } } }, /^400 .*version 1/],
  [{ documentId: 'a', extensions: { persistedQuery: { sha256Hash: 'b' } } }, /^400 .*different documents/],
])('are refused alike in a body and in a URL: %j', (given, message) => {
  for (const refusal of readBoth(given)) expect(refusal).toMatch(message);
});

describe('a body', () => {
  test.each([
    ['', /not well-formed JSON/],
    ['{"query":', /not well-formed JSON/],
    ['[]', /one operation a request/],
    ['[{"query":"{ a }"}]', /one operation a request/],
    ['"{ a }"', /must be a JSON object/],
    ['null', /must be a JSON object/],
    ['{"query":1}', /"query" must be a string/],
    ['{"query":{"kind":"Document"}}', /"query" must be a string/],
    ['{"query":"{ a }","operationName":["A"]}', /"operationName" must be a string/],
    ['{"documentId":1}', /"documentId" must be a string/],
  ])('is refused: %s', (body, message) => {
    expect(() => fromBody(body)).toThrow(message);
  });

  test('takes no name of a property of objects for a parameter', () => {
    expect(() => fromBody('{"__proto__":{"query":"{ a }"}}')).toThrow('"query"');
  });
});

describe('a URL', () => {
  test.each(['query', 'documentId', 'operationName', 'variables', 'extensions'])(
    'is refused where it has a parameter twice: %s',
    (name) => {
      expect(() => fromSearch(`?query={a}&${name}=&${name}=`)).toThrow(`The parameter "${name}" came twice.`);
    },
  );

  test('is refused where its variables are no JSON', () => {
    expect(() => fromSearch('?query={a}&variables={')).toThrow('"variables" is not well-formed JSON.');
  });

  test('may have parameters that mean nothing', () => {
    expect(fromSearch('?query=%7B%20a+%7D&utm=1')).toEqual({ ...nothing, query: '{ a }' });
  });
});

test('without a manifest a request has to bring its text', () => {
  expect(documentText({ ...nothing, query: '{ a }', persistedQueryHash: 'x' })).toBe('{ a }');
  expect(() => documentText({ ...nothing, documentId: 'x' })).toThrow(
    expect.objectContaining({ status: 400 }),
  );
  expect(() => documentText({ ...nothing, persistedQueryHash: 'x' })).toThrow(
    expect.objectContaining({ status: 200, message: 'PersistedQueryNotSupported' }),
  );
});
