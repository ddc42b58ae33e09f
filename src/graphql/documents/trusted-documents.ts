import { createHash } from 'node:crypto';
import { type Parameters, withoutPrefix } from '../pipeline/parameters.ts';
import { RequestError } from '../pipeline/reply.ts';
import type { Manifest } from './manifest.ts';

/** What becomes of documents that are not in the manifest: they are executed, executed and noted, or refused. */
export type PersistedDocumentsMode = 'allow' | 'log' | 'require';

/** A document that a request names. */
export interface ResolvedDocument {
  /** Undefined where only an id came that is not known. */
  readonly text: string | undefined;
  readonly isTrusted: boolean;
}

/** The documents of a manifest, by id and by text. */
export class TrustedDocuments {
  readonly mode: PersistedDocumentsMode;
  readonly #byId: Manifest;
  readonly #texts: ReadonlySet<string>;

  constructor(manifest: Manifest, mode: PersistedDocumentsMode) {
    this.mode = mode;
    this.#byId = new Map([...manifest].map(([id, text]) => [withoutPrefix(id), text]));
    this.#texts = new Set(manifest.values());
  }

  /**
   * The document that a request names by its text, its id, or both.
   * @throws RequestError where these contradict each other, or where only an id came that must be known
   */
  resolve({ query, documentId, persistedQueryHash }: Parameters): ResolvedDocument {
    const id = documentId ?? persistedQueryHash;
    const known = id === undefined ? undefined : this.#byId.get(withoutPrefix(id));
    if (query !== undefined && known !== undefined && query !== known) {
      throw new RequestError(
        400,
        'The document that is registered under this id is another one than the query that came along.',
      );
    }
    // An id that is registered need not be a hash.
    if (query !== undefined && known === undefined && !isHashOf(query, persistedQueryHash)) {
      throw new RequestError(
        400,
        'extensions.persistedQuery.sha256Hash is not the SHA-256 of the query that came along.',
      );
    }
    const text = query ?? known;
    if (text !== undefined) return { text, isTrusted: this.#texts.has(text) };
    if (this.mode !== 'require') throw unknownId(documentId);
    return { text, isTrusted: false };
  }
}

/**
 * Without a manifest, a request has to bring its text.
 * @throws RequestError where only an id came
 */
export function textWithoutManifest({ query, documentId }: Parameters): string {
  if (query !== undefined) return query;
  if (documentId !== undefined) {
    throw new RequestError(400, 'No documents are registered here: send the text as "query".', {
      code: 'PERSISTED_QUERY_NOT_FOUND',
    });
  }
  // This very message and status make clients of Apollo's protocol send the text from then on.
  throw new RequestError(200, 'PersistedQueryNotSupported', { code: 'PERSISTED_QUERY_NOT_SUPPORTED' });
}

function isHashOf(text: string, hash: string | undefined): boolean {
  return hash === undefined || createHash('sha256').update(text).digest('hex') === withoutPrefix(hash);
}

function unknownId(documentId: string | undefined): RequestError {
  const code = 'PERSISTED_QUERY_NOT_FOUND';
  // This very message and status make clients of Apollo's protocol send the text.
  if (documentId === undefined) return new RequestError(200, 'PersistedQueryNotFound', { code });
  return new RequestError(400, 'No document with this id was registered: send its text as "query".', {
    code,
  });
}
