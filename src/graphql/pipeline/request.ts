import { type ApolloServer, HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { RequestLoader } from '#loader/request-loader.ts';
import type { OperationStatus } from '#telemetry/operation-record.ts';
import type { OperationScope } from '#telemetry/telemetry.ts';
import type { ResourceReader } from '#upstream/fetch.ts';
import { type TrustedDocuments, textWithoutManifest } from '../documents/trusted-documents.ts';
import { describeError, formatError, isUnexpected } from '../errors.ts';
import type { ApolloContext } from '../operations/apollo.ts';
import type { PreparedOperation } from '../operations/operation.ts';
import { type Operations, RefusedOperation } from '../operations/operations.ts';
import { AnswerTooLarge } from '../plan/answer-builder.ts';
import { answerSize } from '../plan/answer-size.ts';
import { executePlan } from '../plan/execute.ts';
import type { Values } from '../plan/field-arguments.ts';
import type { Plan } from '../plan/plan.ts';
import { bearerAuthorization } from './bearer-token.ts';
import type { MediaType, RequestHead } from './head.ts';
import { fromBody, fromSearch, type Parameters } from './parameters.ts';
import { type Reply, RequestError, refusal } from './reply.ts';
import { executed, formatFieldError, refused, withRequestId } from './respond.ts';

/** What requests are answered with; one for all of them. */
export interface RequestTools {
  readonly operations: Operations;
  readonly apollo: ApolloServer<ApolloContext>;
  readonly upstream: Upstream;
  /** Undefined where whatever is valid is executed. */
  readonly documents: TrustedDocuments | undefined;
  /** What people who explore send: executed even where only trusted documents are, as introspection is then. */
  readonly examples: readonly string[] | undefined;
  /** Distinct items of one resource that an operation may ask for. */
  readonly maxItems: number;
  readonly maxResponseBytes: number;
  readonly federatedTracing: boolean;
}

/** What reads the REST API, and says whether too many GETs of a caller wait already. */
export interface Upstream extends ResourceReader {
  isOverloaded(authorization: string): boolean;
}

/** What an execution came to. */
interface Result {
  /** JSON. */
  readonly data: string;
  readonly errors: readonly GraphQLFormattedError[];
  readonly extensions?: object | undefined;
}

/** How soon a caller may come back who has too many GETs waiting. */
const RETRY_AFTER_SECONDS = 1;

/** One GraphQL request whose head was found good, until it is answered. */
export class GraphQLRequest {
  readonly #tools: RequestTools;
  readonly #head: RequestHead;
  readonly #mediaType: MediaType;
  readonly #scope: OperationScope;
  readonly #loader: RequestLoader;
  #operationName: string | undefined;
  #isCancelled = false;

  constructor(tools: RequestTools, head: RequestHead, mediaType: MediaType, scope: OperationScope) {
    const { requestId, headers } = head;
    this.#tools = tools;
    this.#head = head;
    this.#mediaType = mediaType;
    this.#scope = scope;
    this.#loader = new RequestLoader({
      reader: scope.reader(tools.upstream),
      authorization: bearerAuthorization(headers.authorization),
      requestId,
      maxItems: tools.maxItems,
      isOverloaded: (authorization) => tools.upstream.isOverloaded(authorization),
      onFetched: (record) => scope.fetched(record),
    });
  }

  /** The client went away: leaves every GET. */
  cancel(): void {
    this.#isCancelled = true;
    this.#loader.cancel();
  }

  /** The way of every request: parameters, trusted documents, prepare, execute, respond. `body` is that of a POST. */
  async answer(body: string | undefined): Promise<Reply> {
    try {
      const parameters = body === undefined ? fromSearch(this.#head.search) : fromBody(body);
      const text = await this.#resolve(parameters);
      const preparing = this.#tools.operations.prepare(text, parameters.operationName);
      const prepared = preparing instanceof Promise ? await preparing : preparing;
      if (prepared instanceof RefusedOperation) return this.#refuse(prepared);
      this.#operationName = prepared.name;
      const variables = prepared.coerce(parameters.variables);
      if ('errors' in variables)
        return this.#refuse(new RefusedOperation(variables.errors.map(formatError), false));
      return this.#respond(await this.#execute(prepared, variables.coerced, text, parameters));
    } catch (error) {
      return this.#refuseRequest(error);
    }
  }

  /** The text of the document, if it may be executed. */
  #resolve(parameters: Parameters): string | Promise<string> {
    const { documents } = this.#tools;
    if (documents === undefined) return textWithoutManifest(parameters);
    const { text, isTrusted } = documents.resolve(parameters);
    if (text !== undefined && (isTrusted || documents.mode === 'allow')) return text;
    return this.#resolveUntrusted(text, parameters.operationName, documents.mode);
  }

  async #resolveUntrusted(
    text: string | undefined,
    operationName: string | undefined,
    mode: TrustedDocuments['mode'],
  ): Promise<string> {
    if (text !== undefined && mode === 'require' && (await this.#isForExploring(text, operationName)))
      return text;
    this.#scope.untrusted({ text, operationName });
    if (text !== undefined && mode === 'log') return text;
    const message = 'Only documents that were registered beforehand are executed here; this one was not.';
    throw new RequestError(400, message, { code: 'PERSISTED_DOCUMENT_REQUIRED' });
  }

  async #isForExploring(text: string, operationName: string | undefined): Promise<boolean> {
    const { examples, operations } = this.#tools;
    if (examples === undefined) return false;
    if (examples.includes(withoutLayout(text))) return true;
    const prepared = await operations.prepare(text, operationName);
    return !(prepared instanceof RefusedOperation) && prepared.isIntrospection;
  }

  async #execute(
    prepared: PreparedOperation,
    variables: Values,
    text: string,
    parameters: Parameters,
  ): Promise<Result> {
    let plan: Plan;
    try {
      plan = prepared.plan(variables);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { data: 'null', errors: [withRequestId(formatError(error), this.#head.requestId)] };
    }
    if (answerSize(plan.selection, variables) > this.#tools.maxResponseBytes) throw tooLarge();
    const result = this.#isTraced
      ? await this.#executeTraced(text, parameters)
      : await this.#executePlan(prepared, plan, variables);
    if (!this.#loader.isTurnedAway) return result;
    throw new RequestError(
      503,
      'Too many of your requests to the REST API wait already; try again in a moment.',
      {
        code: 'OVERLOADED',
        retryable: true,
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      },
    );
  }

  async #executePlan(prepared: PreparedOperation, plan: Plan, variables: Values): Promise<Result> {
    const maxSize = this.#tools.maxResponseBytes;
    try {
      const result = await executePlan(plan, {
        schema: prepared.schema,
        loader: this.#loader,
        variables,
        maxSize,
      });
      const errors = result.errors.map((error) => {
        this.#reportUnexpected(error.error);
        return formatFieldError(error, this.#head.requestId);
      });
      return { data: result.data, errors };
    } catch (error) {
      if (!(error instanceof AnswerTooLarge)) throw error;
      return this.#dropAnswer();
    }
  }

  /** Only a router asks for a trace, of every resolver; graphql-js executes the operation then. */
  get #isTraced(): boolean {
    return this.#tools.federatedTracing && this.#head.headers['apollo-federation-include-trace'] === 'ftv1';
  }

  async #executeTraced(query: string, { operationName, variables }: Parameters): Promise<Result> {
    const { method, search, requestId } = this.#head;
    const headers = new HeaderMap([['apollo-federation-include-trace', 'ftv1']]);
    const { body } = await this.#tools.apollo.executeOperation(
      {
        query,
        ...(operationName !== undefined && { operationName }),
        variables,
        http: { method, search, headers, body: {} },
      },
      { contextValue: { loader: this.#loader, failed: (error) => this.#reportUnexpected(error) } },
    );
    if (body.kind !== 'single') throw new TypeError('Incremental delivery is not supported.');
    const { data, errors = [], extensions } = body.singleResult;
    return {
      data: JSON.stringify(data ?? null),
      errors: errors.map((error) => withRequestId(error, requestId)),
      extensions,
    };
  }

  /** The answer has grown too large while it came in. */
  #dropAnswer(): Result {
    if (this.#loader.counts.size === 0) throw tooLarge();
    this.#loader.cancel();
    const { requestId } = this.#head;
    const { message, code, retryable } = tooLarge();
    return { data: 'null', errors: [{ message, extensions: { code, retryable, requestId } }] };
  }

  #respond(result: Result): Reply {
    const { data, errors } = result;
    const upstream = this.#scope.report(this.#loader.counts);
    const extensions = upstream === undefined ? result.extensions : { ...result.extensions, upstream };
    const reply = executed(data, errors, extensions, this.#mediaType);
    const limit = this.#tools.maxResponseBytes;
    if (
      data !== 'null' &&
      reply.body.length * MAX_BYTES_PER_UNIT > limit &&
      Buffer.byteLength(reply.body) > limit
    ) {
      return this.#respond(this.#dropAnswer());
    }
    this.#end(errors.length === 0 ? 'ok' : data === 'null' ? 'failed' : 'partial', errors.length);
    return reply;
  }

  #refuse(operation: RefusedOperation): Reply {
    this.#end('refused', operation.errors.length);
    return refused(operation, this.#head.requestId, this.#mediaType);
  }

  #refuseRequest(error: unknown): Reply {
    const { headers, requestId } = this.#head;
    const known = error instanceof RequestError;
    if (!known) this.#scope.unexpected(error);
    this.#end(known && error.code === 'OVERLOADED' ? 'overloaded' : 'refused', 1);
    const { message, extensions } = describeError(error);
    const code = 'INTERNAL_SERVER_ERROR';
    const given = known ? error : new RequestError(500, message, { code, retryable: extensions.retryable });
    const accept = headers.accept;
    return refusal(given, requestId, Array.isArray(accept) ? accept.join() : accept);
  }

  #reportUnexpected(error: unknown): void {
    if (!this.#isCancelled && isUnexpected(error)) this.#scope.unexpected(error);
  }

  #end(outcome: OperationStatus, errors: number): void {
    this.#scope.end({
      name: this.#operationName,
      outcome: this.#isCancelled ? 'cancelled' : outcome,
      errors,
      items: this.#loader.counts,
    });
  }
}

/** UTF-8 takes at most so many bytes for each unit of a string. */
const MAX_BYTES_PER_UNIT = 3;

function tooLarge(): RequestError {
  return new RequestError(
    400,
    'The answer would be larger than one answer may be: ask for fewer places or fields.',
    {
      code: 'RESPONSE_TOO_LARGE',
    },
  );
}

/** A document with its white space made one: the same text comes with other line breaks from a shell. */
export function withoutLayout(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
