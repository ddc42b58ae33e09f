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

/** Measured: a node of a document, with its share of the plan. */
const BYTES_PER_NODE = 600;

/** Its few errors. */
const BYTES_OF_REFUSAL = 1000;

export type Prepared = PreparedOperation | RefusedOperation;

/** Its operations, or why it is refused. */
type PreparedDocument = ReturnType<typeof prepareOperations> | RefusedOperation;

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
    const known = this.#documents.get(keyOf(text));
    return known === undefined
      ? this.#prepareDocument(text).then((document) => operationOf(document, name))
      : operationOf(known, name);
  }

  /** Why a document would be refused, whichever of its operations is asked for; undefined where it would not. */
  async problemOf(text: string): Promise<string | undefined> {
    const document = await this.#validate(text);
    return document instanceof RefusedOperation ? document.errors[0]?.message : undefined;
  }

  async #prepareDocument(text: string): Promise<PreparedDocument> {
    const document = await this.#validate(text);
    const isRefused = document instanceof RefusedOperation;
    const prepared = isRefused ? document : prepareOperations(this.#context, document);
    const size = text.length + (isRefused ? BYTES_OF_REFUSAL : detachFromText(document) * BYTES_PER_NODE);
    // What is too long was not looked at, and is refused as fast again.
    if (text.length <= this.#limits.maxBytes) this.#documents.set(keyOf(text), prepared, { size });
    return prepared;
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

function operationOf(document: PreparedDocument, name: string | undefined): Prepared {
  if (document instanceof RefusedOperation) return document;
  const operation = document.get(name);
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
