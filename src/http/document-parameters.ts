import type { HTTPGraphQLRequest } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { hashOfId } from '#graphql/trusted-documents.ts';
import { isJsonObject, type JsonObject } from '#upstream/protocol/json-object.ts';

/** What a request says of its document: its text, an id of it, or both. */
export interface DocumentParameters {
  readonly query: string | undefined;
  readonly id: DocumentId | undefined;
  readonly operationName: string | undefined;
}

export interface DocumentId {
  /** The SHA-256 that it stands for. */
  readonly hash: string;
  /** As `documentId` (GraphQL over HTTP, appendix A) or as `extensions.persistedQuery` (Apollo's protocol). */
  readonly givenAs: 'documentId' | 'persistedQuery';
}

/**
 * Reads what a POST or GET says of its document; undefined where it says nothing that could be executed.
 * @throws GraphQLError where it says it in a way that has no meaning, or two
 */
export function readParameters(request: HTTPGraphQLRequest): DocumentParameters | undefined {
  const given = request.method === 'GET' ? fromSearch(request.search) : request.body;
  if (!isJsonObject(given)) return undefined;
  const query = typeof given.query === 'string' && given.query !== '' ? given.query : undefined;
  const id = idOf(
    given.documentId,
    isJsonObject(given.extensions) ? given.extensions.persistedQuery : undefined,
  );
  if (query === undefined && id === undefined) return undefined;
  const operationName = typeof given.operationName === 'string' ? given.operationName : undefined;
  return { query, id, operationName };
}

/** Puts the text of a document in the place of all that the request says of it. */
export function putDocument(request: HTTPGraphQLRequest, query: string): void {
  if (request.method === 'GET') {
    const search = new URLSearchParams(request.search);
    const extensions = extensionsOf(search);
    if (isJsonObject(extensions)) search.set('extensions', JSON.stringify(withoutPersistedQuery(extensions)));
    search.delete('documentId');
    search.set('query', query);
    request.search = `?${search}`;
  } else if (isJsonObject(request.body)) {
    const { documentId: _documentId, ...others } = request.body;
    const { extensions } = others;
    request.body = {
      ...others,
      query,
      ...(isJsonObject(extensions) && { extensions: withoutPersistedQuery(extensions) }),
    };
  }
}

const PARAMETERS = ['query', 'documentId', 'extensions', 'operationName'];

function fromSearch(text: string): JsonObject {
  const search = new URLSearchParams(text);
  if (PARAMETERS.some((name) => search.getAll(name).length > 1)) throw badRequest('A parameter came twice.');
  return { ...Object.fromEntries(search), extensions: extensionsOf(search) };
}

function extensionsOf(search: URLSearchParams): unknown {
  try {
    return JSON.parse(search.get('extensions') ?? 'null');
  } catch {
    // Apollo Server says what is wrong with it.
    return undefined;
  }
}

function idOf(documentId: unknown, persistedQuery: unknown): DocumentId | undefined {
  const hash = documentId == null ? undefined : documentIdHash(documentId);
  const other = persistedQuery == null ? undefined : persistedQueryHash(persistedQuery);
  if (hash !== undefined && other !== undefined && hash !== other) {
    throw badRequest('documentId and extensions.persistedQuery name different documents.');
  }
  if (other !== undefined) return { hash: other, givenAs: 'persistedQuery' };
  return hash === undefined ? undefined : { hash, givenAs: 'documentId' };
}

function documentIdHash(id: unknown): string {
  if (typeof id !== 'string') throw badRequest('documentId must be a string.');
  return hashOfId(id);
}

/** Of `{ "version": 1, "sha256Hash": "…" }`; the version may be left out. */
function persistedQueryHash(value: unknown): string {
  if (!isJsonObject(value) || typeof value.sha256Hash !== 'string') {
    throw badRequest('extensions.persistedQuery must have a "sha256Hash" that is a string.');
  }
  if (value.version !== undefined && value.version !== 1) {
    throw badRequest('extensions.persistedQuery must be of version 1.');
  }
  return hashOfId(value.sha256Hash);
}

function withoutPersistedQuery({ persistedQuery: _persistedQuery, ...others }: JsonObject): JsonObject {
  return others;
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}
