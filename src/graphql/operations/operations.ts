import { hash } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import {
  type DocumentNode,
  execute,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { formatError, isOverLimit } from '../errors.ts';
import { checkDocumentSize } from '../limits/document-size.ts';
import type { QueryLimits } from '../limits/limits.ts';
import { detachFromText } from '../locations.ts';
import type { PlanContext } from '../plan/compile.ts';
import type { ApolloContext } from './apollo.ts';
import { PreparedOperation } from './operation.ts';

/** A document, or an operation in it, that is refused whenever it comes. */
export class RefusedOperation {
  readonly errors: readonly GraphQLFormattedError[];
  /** Whether it passes a limit of ours: then it gets 400 whatever the media type. */
  readonly isOverLimit: boolean;

  constructor(errors: readonly GraphQLFormattedError[], overLimit = false) {
    this.errors = errors;
    this.isOverLimit = overLimit;
  }
}

/** What all documents that are kept may take, as reckoned by `sizeOf`. */
const MAX_CACHED_BYTES = 16 * 1024 * 1024;

/** Measured: a document beside its nodes, or its errors. */
const BYTES_PER_DOCUMENT = 1500;

/** Measured: a node of a document. */
const BYTES_PER_NODE = 300;

/** Measured: a character of an error as JSON, nearly all of which are locations where there are many. */
const BYTES_PER_ERROR_CHARACTER = 2;

/** Measured: a field of a plan. */
const BYTES_PER_PLANNED_FIELD = 400;

/** A document that was parsed and validated, with its operations by the name that requests give. */
interface PreparedDocument {
  /** Bytes that it takes, with its plans. */
  size: number;
  readonly document: DocumentNode | undefined;
  readonly operations: Map<string | undefined, PreparedOperation | RefusedOperation>;
}

/** Prepares operations: parses and validates them, holds them against the limits, and remembers the result. */
export class Operations {
  readonly #context: PlanContext;
  readonly #limits: QueryLimits;
  readonly #apollo: ApolloServer<ApolloContext>;
  /** By the text or its hash. Refused documents are kept too, so that they cost little when they come again. */
  readonly #documents = new LRUCache<string, PreparedDocument>({ maxSize: MAX_CACHED_BYTES });

  constructor(context: PlanContext, limits: QueryLimits, apollo: ApolloServer<ApolloContext>) {
    this.#context = context;
    this.#limits = limits;
    this.#apollo = apollo;
  }

  /** The operation of this name in a document; without a name, the only one. */
  prepare(text: string, name: string | undefined): Prepared | Promise<Prepared> {
    const key = keyOf(text);
    const known = this.#documents.get(key);
    if (known === undefined)
      return this.#prepareDocument(text, key).then((document) => this.#find(document, key, name));
    return this.#find(known, key, name);
  }

  /** Why a document would be refused, whichever of its operations is asked for; undefined where it would not. */
  async problemOf(text: string): Promise<string | undefined> {
    const refused = (await this.#validate(text)).operations.get(undefined);
    return refused instanceof RefusedOperation ? refused.errors[0]?.message : undefined;
  }

  #find(prepared: PreparedDocument, key: string, name: string | undefined): Prepared {
    const { document, operations } = prepared;
    const known = operations.get(name) ?? (document === undefined ? operations.get(undefined) : undefined);
    if (known !== undefined) return known;
    const operation = document && getOperationAST(document, name);
    // A name that the document does not have may be as long as a request.
    if (document === undefined || !operation) {
      return new RefusedOperation(noSuchOperation(this.#context.schema, document, name), false);
    }
    const found = new PreparedOperation(this.#context, document, operation, (fields) =>
      this.#grow(prepared, key, fields * BYTES_PER_PLANNED_FIELD),
    );
    operations.set(name, found);
    return found;
  }

  /** A document takes more, or less, than when it was kept. */
  #grow(prepared: PreparedDocument, key: string, bytes: number): void {
    prepared.size += bytes;
    if (this.#documents.peek(key) !== prepared) return;
    // Of a value that it has already, the cache would not look at the size.
    this.#documents.delete(key);
    this.#documents.set(key, prepared, { size: prepared.size });
  }

  async #prepareDocument(text: string, key: string): Promise<PreparedDocument> {
    const { maxBytes } = this.#limits;
    const prepared = await this.#validate(text);
    prepared.size = text.length + sizeOf(prepared);
    // What is too long was not looked at, and is refused as fast again.
    if (text.length <= maxBytes) this.#documents.set(key, prepared, { size: prepared.size });
    return prepared;
  }

  async #validate(text: string): Promise<PreparedDocument> {
    try {
      checkDocumentSize(text, this.#limits);
    } catch (error) {
      if (isOverLimit(error)) return refusedDocument([formatError(error)], true);
      throw error;
    }
    let document: DocumentNode | undefined;
    const raw: unknown[] = [];
    const { body } = await this.#apollo.executeOperation(
      { query: text },
      {
        contextValue: {
          validated(valid) {
            document = valid;
          },
          failed: (error) => raw.push(error),
        },
      },
    );
    if (document !== undefined) return { size: 0, document, operations: new Map() };
    const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
    return refusedDocument(errors, raw.some(isOverLimit));
  }
}

/** The bytes that a document takes beside its text; it is cut off that. */
function sizeOf({ document, operations }: PreparedDocument): number {
  if (document !== undefined) return BYTES_PER_DOCUMENT + detachFromText(document) * BYTES_PER_NODE;
  const refused = operations.get(undefined);
  const errors = refused instanceof RefusedOperation ? refused.errors : [];
  return BYTES_PER_DOCUMENT + JSON.stringify(errors).length * BYTES_PER_ERROR_CHARACTER;
}

/** V8 takes the length of a longer string for its hash, and would compare all those of one length with each other. */
const MAX_KEY_LENGTH = 16_000;

function keyOf(text: string): string {
  return text.length <= MAX_KEY_LENGTH ? text : hash('sha256', text);
}

export type Prepared = PreparedOperation | RefusedOperation;

function refusedDocument(errors: readonly GraphQLFormattedError[], overLimit: boolean): PreparedDocument {
  const operations = new Map([[undefined, new RefusedOperation(errors, overLimit)]]);
  return { size: 0, document: undefined, operations };
}

/** graphql-js's own words for an operation that a document does not have, or of which it has several. */
function noSuchOperation(
  schema: GraphQLSchema,
  document: DocumentNode | undefined,
  operationName: string | undefined,
): GraphQLFormattedError[] {
  if (document === undefined) return [];
  const result = execute({ schema, document, operationName: operationName ?? null });
  const errors = 'then' in result ? [] : (result.errors ?? []);
  const extensions = { code: 'OPERATION_RESOLUTION_FAILURE', retryable: false };
  return errors.map(({ message }) => ({ message, extensions }));
}
