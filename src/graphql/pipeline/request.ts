import type { ApolloServer } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { RequestLoader } from '#loader/request-loader.ts';
import type { OperationStatus } from '#telemetry/operation-log.ts';
import type { OperationScope } from '#telemetry/telemetry.ts';
import type { ResourceReader } from '#upstream/fetch.ts';
import type { TrustedDocuments } from '../documents/trusted-documents.ts';
import { describeError, formatError, isUnexpected } from '../errors.ts';
import type { ApolloContext } from '../operations/apollo.ts';
import { type Operations, RefusedOperation } from '../operations/operations.ts';
import { AnswerTooLarge, type PlanResult } from '../plan/answer.ts';
import { executePlan } from '../plan/execute.ts';
import { answerSize } from '../plan/selection.ts';
import { bearerAuthorization, type RequestHead } from './head.ts';
import { documentText, fromBody, fromSearch, type Parameters } from './parameters.ts';
import {
  executed,
  formatFieldError,
  type MediaType,
  type Reply,
  RequestError,
  type Result,
  refusal,
  refused,
  withRequestId,
} from './reply.ts';
import { asksForTrace, executeTraced } from './traced.ts';

/** What requests are answered with; one for all of them. */
export interface RequestTools {
  readonly operations: Operations;
  readonly apollo: ApolloServer<ApolloContext>;
  readonly upstream: ResourceReader;
  /** Undefined where whatever is valid is executed. */
  readonly documents: TrustedDocuments | undefined;
  /** Distinct items of one resource that an operation may ask for. */
  readonly maxItems: number;
  readonly maxResponseBytes: number;
  readonly federatedTracing: boolean;
  /** Keeps what the schema holds from those who guess: no "Did you mean". */
  readonly hideSuggestions: boolean;
}

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
    this.#tools = tools;
    this.#head = head;
    this.#mediaType = mediaType;
    this.#scope = scope;
    this.#loader = new RequestLoader({
      reader: scope.reader(tools.upstream),
      authorization: bearerAuthorization(head.headers.authorization),
      requestId: head.requestId,
      maxItems: tools.maxItems,
      observer: scope,
    });
  }

  /** The client went away: leaves every GET. */
  cancel(): void {
    this.#isCancelled = true;
    this.#loader.cancel();
  }

  /** The way of every request: parameters, trusted documents, prepare, execute, respond. `body` is that of a POST. */
  async answer(body: string | undefined): Promise<Reply> {
    const { operations, maxResponseBytes, hideSuggestions } = this.#tools;
    try {
      const parameters = body === undefined ? fromSearch(this.#head.search) : fromBody(body);
      const resolving = this.#resolve(parameters);
      const text = typeof resolving === 'string' ? resolving : await resolving;
      const preparing = operations.prepare(text, parameters.operationName);
      const prepared = preparing instanceof Promise ? await preparing : preparing;
      if (prepared instanceof RefusedOperation) return this.#refuseOperation(prepared);
      this.#operationName = prepared.name;
      const given = prepared.coerce(parameters.variables, hideSuggestions);
      if ('errors' in given)
        return this.#refuseOperation(new RefusedOperation(given.errors.map(formatError)));
      const variables = given.coerced;
      const plan = prepared.plan(variables);
      if (plan instanceof GraphQLError) return this.#respond({ data: 'null', errors: [this.#format(plan)] });
      if (answerSize(plan.selection, variables) > maxResponseBytes) throw tooLarge();
      if (this.#tools.federatedTracing && asksForTrace(this.#head)) {
        const failed = (error: unknown) => this.#reportUnexpected(error);
        const { apollo } = this.#tools;
        return this.#respond(await executeTraced(apollo, text, parameters, this.#head, this.#loader, failed));
      }
      const { schema } = prepared;
      const options = { schema, loader: this.#loader, variables, maxSize: maxResponseBytes };
      return this.#respond(this.#formatResult(await executePlan(plan, options)));
    } catch (error) {
      return this.#refuse(error);
    }
  }

  #resolve(parameters: Parameters): string | Promise<string> {
    const { documents } = this.#tools;
    if (documents === undefined) return documentText(parameters);
    return documents.resolve(parameters, (text, operationName) =>
      this.#scope.untrusted({ text, operationName }),
    );
  }

  #formatResult({ data, errors }: PlanResult): Result {
    const formatted = errors.map((fieldError) => {
      this.#reportUnexpected(fieldError.error);
      return formatFieldError(fieldError, this.#head.requestId);
    });
    return { data, errors: formatted };
  }

  #format(error: GraphQLError): Result['errors'][number] {
    return withRequestId(formatError(error), this.#head.requestId);
  }

  #respond({ data, errors, extensions }: Result, maxBytes = this.#tools.maxResponseBytes): Reply {
    if (this.#loader.isTurnedAway) throw overloaded();
    const reply = executed({ data, errors }, this.#mediaType);
    // A report or a trace, which only few ask for, does not count.
    if (isLarger(reply.body, maxBytes)) throw new AnswerTooLarge();
    const upstream = this.#scope.report(() => this.#loader.counts);
    this.#end(errors.length === 0 ? 'ok' : data === 'null' ? 'failed' : 'partial', errors.length);
    if (extensions === undefined && upstream === undefined) return reply;
    return executed({ data, errors, extensions: { ...extensions, upstream } }, this.#mediaType);
  }

  #refuseOperation(operation: RefusedOperation): Reply {
    this.#end('refused', operation.errors.length);
    return refused(operation, this.#head.requestId, this.#mediaType);
  }

  #refuse(error: unknown): Reply {
    if (error instanceof AnswerTooLarge) return this.#dropAnswer();
    const isForeseen = error instanceof RequestError;
    if (!isForeseen) this.#scope.unexpected(error);
    this.#end(isForeseen && error.code === 'OVERLOADED' ? 'overloaded' : 'refused', 1);
    const { accept } = this.#head.headers;
    return refusal(isForeseen ? error : internalError(error), this.#head.requestId, String(accept ?? ''));
  }

  /** The answer has grown too large while it came in. */
  #dropAnswer(): Reply {
    const error = this.#loader.isTurnedAway ? overloaded() : tooLarge();
    this.#loader.cancel();
    if (!this.#loader.hasFetched) return this.#refuse(error);
    const { message, code, retryable } = error;
    const extensions = { code, retryable, requestId: this.#head.requestId };
    // That much is always said.
    return this.#respond({ data: 'null', errors: [{ message, extensions }] }, Number.POSITIVE_INFINITY);
  }

  #reportUnexpected(error: unknown): void {
    if (!this.#isCancelled && isUnexpected(error)) this.#scope.unexpected(error);
  }

  #end(outcome: OperationStatus, errors: number): void {
    const name = this.#operationName;
    const items = this.#loader.counts;
    this.#scope.end({ name, outcome: this.#isCancelled ? 'cancelled' : outcome, errors, items });
  }
}

/** UTF-8 takes at most so many bytes for each unit of a string. */
const MAX_BYTES_PER_UNIT = 3;

function isLarger(text: string, maxBytes: number): boolean {
  return text.length * MAX_BYTES_PER_UNIT > maxBytes && Buffer.byteLength(text) > maxBytes;
}

function tooLarge(): RequestError {
  const message = 'The answer would be larger than one answer may be: ask for fewer places or fields.';
  return new RequestError(400, message, { code: 'RESPONSE_TOO_LARGE' });
}

/** How soon a caller may come back who has too many GETs waiting. */
const RETRY_AFTER = { 'retry-after': '1' };

function overloaded(): RequestError {
  const message = 'Too many of your requests to the REST API wait already; try again in a moment.';
  return new RequestError(503, message, { code: 'OVERLOADED', retryable: true, headers: RETRY_AFTER });
}

function internalError(error: unknown): RequestError {
  return new RequestError(500, describeError(error).message, { code: 'INTERNAL_SERVER_ERROR' });
}
