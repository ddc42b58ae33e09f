import { hash } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import type { DocumentNode, GraphQLFormattedError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { formatError } from '../errors.ts';
import { documentSizeError, isOverLimit, type QueryLimits } from '../limits/limits.ts';
import { detachFromText } from '../locations.ts';
import type { PlanContext } from '../plan/compile.ts';
import type { ApolloContext } from './apollo.ts';
import { type PreparedOperation, prepareOperations } from './operation.ts';

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

/** What all documents that are kept may take. */
const MAX_CACHED_BYTES = 16 * 1024 * 1024;

/** Measured: a document beside its nodes, or its errors. */
const BYTES_PER_DOCUMENT = 1500;

/** Measured: a node of a document. */
const BYTES_PER_NODE = 300;

/** Measured: a character of an error as JSON, nearly all of which are locations where there are many. */
const BYTES_PER_ERROR_CHARACTER = 2;

/** Measured: a field of a plan. */
const BYTES_PER_PLANNED_FIELD = 400;

export type Prepared = PreparedOperation | RefusedOperation;

/** A document as it is kept. */
interface PreparedDocument {
  /** Bytes that it takes, with its plans. */
  size: number;
  /** Its operations, or why it is refused. */
  readonly operations: ReturnType<typeof prepareOperations> | RefusedOperation;
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
    return known === undefined
      ? this.#prepareDocument(text, key).then((document) => operationOf(document, name))
      : operationOf(known, name);
  }

  /** Why a document would be refused, whichever of its operations is asked for; undefined where it would not. */
  async problemOf(text: string): Promise<string | undefined> {
    const document = await this.#validate(text);
    return document instanceof RefusedOperation ? document.errors[0]?.message : undefined;
  }

  async #prepareDocument(text: string, key: string): Promise<PreparedDocument> {
    const document = await this.#validate(text);
    const isRefused = document instanceof RefusedOperation;
    const size = isRefused ? sizeOfErrors(document) : detachFromText(document) * BYTES_PER_NODE;
    const prepared: PreparedDocument = {
      size: BYTES_PER_DOCUMENT + text.length + size,
      operations: isRefused
        ? document
        : prepareOperations(this.#context, document, (fields) =>
            this.#grow(prepared, key, fields * BYTES_PER_PLANNED_FIELD),
          ),
    };
    // What is too long was not looked at, and is refused as fast again.
    if (text.length <= this.#limits.maxBytes) this.#documents.set(key, prepared, { size: prepared.size });
    return prepared;
  }

  /** A document takes more, or less, than when it was kept. */
  #grow(prepared: PreparedDocument, key: string, bytes: number): void {
    prepared.size += bytes;
    if (this.#documents.peek(key) !== prepared) return;
    // Of a value that it has already, the cache would not look at the size.
    this.#documents.delete(key);
    this.#documents.set(key, prepared, { size: prepared.size });
  }

  async #validate(text: string): Promise<DocumentNode | RefusedOperation> {
    const tooLarge = documentSizeError(text, this.#limits);
    if (tooLarge !== undefined) return new RefusedOperation([formatError(tooLarge)], true);
    let document: DocumentNode | undefined;
    let overLimit = false;
    const { body } = await this.#apollo.executeOperation(
      { query: text },
      {
        contextValue: {
          validated(valid) {
            document = valid;
          },
          failed(error) {
            overLimit ||= isOverLimit(error);
          },
        },
      },
    );
    const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
    return document ?? new RefusedOperation(errors ?? [], overLimit);
  }
}

function sizeOfErrors({ errors }: RefusedOperation): number {
  return JSON.stringify(errors).length * BYTES_PER_ERROR_CHARACTER;
}

function operationOf({ operations }: PreparedDocument, name: string | undefined): Prepared {
  if (operations instanceof RefusedOperation) return operations;
  const operation = operations.get(name);
  if (operation !== undefined) return operation;
  // graphql-js's own words.
  const message =
    name === undefined
      ? 'Must provide operation name if query contains multiple operations.'
      : `Unknown operation named "${name}".`;
  const extensions = { code: 'OPERATION_RESOLUTION_FAILURE', retryable: false };
  return new RefusedOperation([{ message, extensions }]);
}

/** V8 takes the length of a longer string for its hash, and would compare all those of one length with each other. */
const MAX_KEY_LENGTH = 16_000;

function keyOf(text: string): string {
  return text.length <= MAX_KEY_LENGTH ? text : hash('sha256', text);
}
