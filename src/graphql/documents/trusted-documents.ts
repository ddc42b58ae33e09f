import { createHash } from 'node:crypto';
import { PreparedOperation } from '../operations/operation.ts';
import type { Operations } from '../operations/operations.ts';
import { type Parameters, withoutPrefix } from '../pipeline/parameters.ts';
import { RequestError } from '../pipeline/reply.ts';
import { type Manifest, manifestError, quote, readManifest } from './manifest.ts';

/** What becomes of documents that are not in the manifest: they are executed, executed and noted, or refused. */
export type PersistedDocumentsMode = 'allow' | 'log' | 'require';

/** What people who explore may send though it is not in the manifest: these documents, and introspection. */
interface Exploring {
  /** Without their layout. */
  readonly examples: readonly string[];
  readonly operations: Operations;
}

/** Is told of a document that is not in the manifest; `text` is undefined where only an id came. */
export type OnUntrusted = (text: string | undefined, operationName: string | undefined) => void;

/**
 * Reads a manifest whose documents are all fit to be executed: what would be refused whenever it comes is found at the
 * start. `examples`: what people who explore may send beside it, where they may.
 * @throws StartError that names every problem
 */
export async function readTrustedDocuments(
  path: string,
  mode: PersistedDocumentsMode,
  operations: Operations,
  examples: readonly { readonly query: string }[] | undefined,
): Promise<TrustedDocuments> {
  const manifest = await readManifest(path);
  const problems: string[] = [];
  for (const [id, text] of manifest) {
    const problem = await operations.problemOf(text);
    if (problem !== undefined) problems.push(`${quote(id)}: ${problem}`);
  }
  if (problems.length > 0) throw manifestError(path, problems);
  const exploring = examples && { examples: examples.map(({ query }) => withoutLayout(query)), operations };
  return new TrustedDocuments(manifest, mode, exploring);
}

/** The documents of a manifest, by id and by text. */
export class TrustedDocuments {
  readonly #mode: PersistedDocumentsMode;
  readonly #exploring: Exploring | undefined;
  readonly #byId: Manifest;
  readonly #texts: ReadonlySet<string>;

  constructor(manifest: Manifest, mode: PersistedDocumentsMode, exploring?: Exploring) {
    this.#mode = mode;
    this.#exploring = exploring;
    // An id that is registered as it came goes before one that differs by its prefix.
    this.#byId = new Map([
      ...Array.from(manifest, ([id, text]) => [withoutPrefix(id), text] as const),
      ...manifest,
    ]);
    this.#texts = new Set(manifest.values());
  }

  /**
   * The text of the document that a request names by its text, its id, or both.
   * @throws RequestError where these contradict each other, or the document may not be executed
   */
  resolve(parameters: Parameters, onUntrusted: OnUntrusted): string | Promise<string> {
    const { query, documentId, persistedQueryHash } = parameters;
    const id = documentId ?? persistedQueryHash;
    const known = id === undefined ? undefined : (this.#byId.get(id) ?? this.#byId.get(withoutPrefix(id)));
    if (query !== undefined) checkId(query, known, persistedQueryHash);
    const text = query ?? known;
    if (text !== undefined && (this.#mode === 'allow' || this.#texts.has(text))) return text;
    return this.#resolveUntrusted(text, parameters, onUntrusted);
  }

  async #resolveUntrusted(
    text: string | undefined,
    { documentId, operationName }: Parameters,
    onUntrusted: OnUntrusted,
  ): Promise<string> {
    if (this.#mode === 'require') {
      if (text !== undefined && (await this.#isForExploring(text, operationName))) return text;
      onUntrusted(text, operationName);
      const message = 'Only documents that were registered beforehand are executed here; this one was not.';
      throw new RequestError(400, message, { code: 'PERSISTED_DOCUMENT_REQUIRED' });
    }
    if (text === undefined) throw unknownId(documentId);
    onUntrusted(text, operationName);
    return text;
  }

  async #isForExploring(text: string, operationName: string | undefined): Promise<boolean> {
    if (this.#exploring === undefined) return false;
    const { examples, operations } = this.#exploring;
    if (examples.includes(withoutLayout(text))) return true;
    const prepared = await operations.prepare(text, operationName);
    return prepared instanceof PreparedOperation && prepared.isIntrospection;
  }
}

/** A document with its white space made one: the same text comes with other line breaks from a shell. */
function withoutLayout(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** An id that is registered need not be a hash. */
function checkId(query: string, known: string | undefined, persistedQueryHash: string | undefined): void {
  if (known !== undefined && query !== known) {
    throw new RequestError(400, 'The document with this id is another one than the query that came along.');
  }
  if (known === undefined && !isHashOf(query, persistedQueryHash)) {
    throw new RequestError(400, 'extensions.persistedQuery is not the SHA-256 of the query that came along.');
  }
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
