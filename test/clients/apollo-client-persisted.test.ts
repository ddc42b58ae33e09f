import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { print } from 'graphql';
import { expect, test } from 'vitest';
import { hashOf, idOf, manifestOf } from '../security/manifest.ts';
import { communityId, userId } from '../support/demo.ts';
import { type Layer, startLayer } from '../support/layer.ts';

/** With the `__typename` that Apollo Client's cache would add. */
const query = gql`
  query Profile($userId: ID!) {
    communityUser(communityId: "${communityId}", userId: $userId) { username __typename }
  }
`;

interface Asked {
  readonly method: string | undefined;
  /** Whether the text of the operation went along. */
  readonly withText: boolean;
}

/** Asks as Apollo Client does with its link for persisted queries; gives what it got, and what it sent. */
async function ask(layer: Layer, generateHash: (text: string) => string, useGETForHashedQueries = false) {
  const asked: Asked[] = [];
  const http = new HttpLink({
    uri: `${layer.url}/graphql`,
    headers: { authorization: 'Bearer demo-owner', 'apollo-require-preflight': '1' },
    fetch: (url, init) => {
      const text = decodeURIComponent(`${url}${init?.body ?? ''}`);
      asked.push({ method: init?.method, withText: text.includes('communityUser') });
      return fetch(url, init);
    },
  });
  const link = new PersistedQueryLink({
    generateHash: (document) => generateHash(print(document)),
    useGETForHashedQueries,
  });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([link, http]),
  });
  const { data, error } = await client.query({
    query,
    variables: { userId: userId() },
    errorPolicy: 'all',
    fetchPolicy: 'no-cache',
  });
  return { data, error, asked };
}

const found = { data: { communityUser: { username: 'admin' } }, error: undefined };

test.each([
  ['POST', false],
  ['GET', true],
])('Apollo Client sends nothing but the hash of a trusted document: by %s', async (method, useGet) => {
  const env = { PERSISTED_DOCUMENTS: await manifestOf(print(query)), PERSISTED_DOCUMENTS_MODE: 'require' };
  const layer = await startLayer({ env });
  const asked = [{ method, withText: false }];
  expect(await ask(layer, hashOf, useGet)).toMatchObject({ ...found, asked });
  expect(await ask(layer, idOf, useGet)).toMatchObject({ ...found, asked });
});

test.each(['allow', 'log'])(
  'Apollo Client gets an answer to a document of its own, in mode %s',
  async (mode) => {
    const env = { PERSISTED_DOCUMENTS: await manifestOf('{ __typename }'), PERSISTED_DOCUMENTS_MODE: mode };
    const asked = [
      { method: 'POST', withText: false },
      { method: 'POST', withText: true },
    ];
    expect(await ask(await startLayer({ env }), hashOf)).toMatchObject({ ...found, asked });
  },
);

test('Apollo Client gets an answer from a server without a manifest', async () => {
  expect(await ask(await startLayer(), hashOf)).toMatchObject(found);
});

test('Apollo Client learns that its document is not trusted', async () => {
  const env = {
    PERSISTED_DOCUMENTS: await manifestOf('{ __typename }'),
    PERSISTED_DOCUMENTS_MODE: 'require',
  };
  const { error, asked } = await ask(await startLayer({ env }), hashOf);
  expect(error).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_DOCUMENT_REQUIRED' } }] });
  expect(asked).toHaveLength(1);
});
