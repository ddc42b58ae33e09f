import type { HTTPGraphQLRequest } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { hashOfText, type TrustedDocuments } from '#graphql/trusted-documents.ts';
import type { PersistedDocumentsMode } from '#process/config.ts';
import {
  type DocumentId,
  type DocumentParameters,
  putDocument,
  readParameters,
} from './document-parameters.ts';

/** A document that is not in the manifest. */
export interface UntrustedDocument {
  /** Undefined where only an id came. */
  readonly text: string | undefined;
  readonly operationName: string | undefined;
}

/** Decides on the documents of requests by the manifest of trusted ones, and finds those of which only an id came. */
export class PersistedDocuments {
  readonly #documents: TrustedDocuments;
  readonly #mode: PersistedDocumentsMode;

  constructor(documents: TrustedDocuments, mode: PersistedDocumentsMode) {
    this.#documents = documents;
    this.#mode = mode;
  }

  /**
   * Leaves in the request the text of its document, and nothing of an id. `note` is told of a document that is not in the
   * manifest, unless the mode is `allow`.
   * @throws GraphQLError where the request is refused; it holds the HTTP status
   */
  admit(request: HTTPGraphQLRequest, note: (document: UntrustedDocument) => void): void {
    const parameters = readParameters(request);
    // Without a document there is nothing to decide on: Apollo Server says what is missing.
    if (parameters === undefined) return;
    const text = this.#trusted(parameters) ?? this.#untrusted(parameters, note);
    if (parameters.id !== undefined) putDocument(request, text);
  }

  /** The document's text, if it is in the manifest. */
  #trusted({ query, id }: DocumentParameters): string | undefined {
    if (id === undefined) {
      // Whatever is allowed need not be known.
      if (query === undefined || this.#mode === 'allow') return undefined;
      return this.#documents.has(hashOfText(query)) ? query : undefined;
    }
    if (query !== undefined && hashOfText(query) !== id.hash) {
      const message = 'The id of the document is not the SHA-256 of the text that came along.';
      throw refusal(400, 'BAD_REQUEST', message);
    }
    return this.#documents.get(id.hash);
  }

  /** The text of a document that is not in the manifest, if it may be executed. */
  #untrusted(
    { query, id, operationName }: DocumentParameters,
    note: (document: UntrustedDocument) => void,
  ): string {
    if (this.#mode === 'allow' && query !== undefined) return query;
    if (this.#mode === 'require') {
      note({ text: query, operationName });
      const message = 'Only documents that were registered beforehand are executed here; this one was not.';
      throw refusal(400, 'PERSISTED_DOCUMENT_REQUIRED', message);
    }
    if (query === undefined) throw unknown(id);
    note({ text: query, operationName });
    return query;
  }
}

function unknown(id: DocumentId | undefined): GraphQLError {
  // This very message and status make clients of Apollo's protocol send the text.
  if (id?.givenAs === 'persistedQuery') {
    return refusal(200, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  }
  const message = 'No document with this id was registered: send its text as "query".';
  return refusal(400, 'PERSISTED_QUERY_NOT_FOUND', message);
}

function refusal(status: number, code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
