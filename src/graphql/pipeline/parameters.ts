import { isJsonObject, type JsonObject } from '#upstream/protocol/json-object.ts';
import { RequestError } from './reply.ts';

/** What a request asks for (GraphQL over HTTP, "Request parameters"). There is a document, or an id of one. */
export interface Parameters {
  /** Text of the document. */
  readonly query: string | undefined;
  /** Id of a trusted document (GraphQL over HTTP, appendix A). */
  readonly documentId: string | undefined;
  /** The same as `extensions.persistedQuery.sha256Hash`, in Apollo's protocol. */
  readonly persistedQueryHash: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: JsonObject;
}

/**
 * Reads the parameters of a POST from its body.
 * @throws RequestError
 */
export function fromBody(text: string): Parameters {
  const body = parseJson(text, 'The body');
  if (Array.isArray(body)) {
    throw new RequestError(
      400,
      'Send one operation a request: batches, a list of several, are not supported.',
    );
  }
  if (!isJsonObject(body)) throw new RequestError(400, 'The body must be a JSON object with a "query".');
  return read(body);
}

/**
 * Reads the parameters of a GET. Those that are empty or `null` count as absent.
 * @throws RequestError
 */
export function fromSearch(search: string): Parameters {
  const given = new URLSearchParams(search);
  const parameters: Record<string, unknown> = {};
  for (const name of ['query', 'documentId', 'operationName', 'variables', 'extensions']) {
    const values = given.getAll(name);
    if (values.length > 1) throw new RequestError(400, `The parameter "${name}" came twice.`);
    const [value = ''] = values;
    if (value === '' || value === 'null') continue;
    parameters[name] = name === 'variables' || name === 'extensions' ? parseJson(value, `"${name}"`) : value;
  }
  return read(parameters);
}

/**
 * Without a manifest, a request has to bring its text.
 * @throws RequestError where only an id came
 */
export function documentText({ query, documentId }: Parameters): string {
  if (query !== undefined) return query;
  if (documentId !== undefined) {
    throw new RequestError(400, 'No documents are registered here: send the text as "query".', {
      code: 'PERSISTED_QUERY_NOT_FOUND',
    });
  }
  // This very message and status make clients of Apollo's protocol send the text from then on.
  throw new RequestError(200, 'PersistedQueryNotSupported', { code: 'PERSISTED_QUERY_NOT_SUPPORTED' });
}

function read(given: JsonObject): Parameters {
  const query = text(given, 'query');
  const documentId = text(given, 'documentId');
  const persistedQueryHash = persistedQueryHashOf(object(given, 'extensions'));
  if (query === undefined && documentId === undefined && persistedQueryHash === undefined) {
    throw new RequestError(
      400,
      'Send the text of an operation as "query", or the id of a trusted document as "documentId".',
    );
  }
  if (
    documentId !== undefined &&
    persistedQueryHash !== undefined &&
    withoutPrefix(documentId) !== withoutPrefix(persistedQueryHash)
  ) {
    throw new RequestError(400, 'documentId and extensions.persistedQuery name different documents.');
  }
  const operationName = text(given, 'operationName');
  return { query, documentId, persistedQueryHash, operationName, variables: object(given, 'variables') };
}

function text(given: JsonObject, name: string): string | undefined {
  const value = given[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new RequestError(400, `"${name}" must be a string.`);
  return value;
}

function object(given: JsonObject, name: string): JsonObject {
  const value = given[name];
  if (value === undefined || value === null) return NONE;
  if (!isJsonObject(value)) throw new RequestError(400, `"${name}" must be a JSON object.`);
  return value;
}

const NONE: JsonObject = {};

const HASH_PREFIX = 'sha256:';

/** Ids that are hashes come with or without `sha256:` before them (GraphQL over HTTP, appendix A). */
export function withoutPrefix(id: string): string {
  return id.startsWith(HASH_PREFIX) ? id.slice(HASH_PREFIX.length) : id;
}

/** Of `{ "version": 1, "sha256Hash": "…" }`; the version may be left out. */
function persistedQueryHashOf({ persistedQuery }: JsonObject): string | undefined {
  if (persistedQuery === undefined || persistedQuery === null) return undefined;
  if (!isJsonObject(persistedQuery) || typeof persistedQuery.sha256Hash !== 'string') {
    throw new RequestError(400, 'extensions.persistedQuery must have a "sha256Hash" that is a string.');
  }
  if (persistedQuery.version !== undefined && persistedQuery.version !== 1) {
    throw new RequestError(400, 'extensions.persistedQuery must be of version 1.');
  }
  return persistedQuery.sha256Hash;
}

function parseJson(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new RequestError(400, `${what} is not well-formed JSON.`);
  }
}
