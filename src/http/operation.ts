import type { GraphQLError } from 'graphql';
import type { OperationObserver } from '#graphql/context.ts';
import { isRequestError, isUnexpected } from '#graphql/errors.ts';
import { hashOfText } from '#graphql/trusted-documents.ts';
import type { AnswerObserver } from '#loader/resource-loader.ts';
import { ResourceLoader } from '#loader/resource-loader.ts';
import type { Logger } from '#telemetry/logger.ts';
import type { Metrics, Outcome } from '#telemetry/metrics.ts';
import type { OperationSpan, RequestSpan } from '#telemetry/tracing.ts';
import { UpstreamUsage } from '#telemetry/upstream-usage.ts';
import type { UpstreamClient } from '#upstream/client.ts';
import { CancelledError } from '#upstream/errors.ts';
import type { UntrustedDocument } from './persisted-documents.ts';
import { tracedReader } from './traced-reader.ts';

/** What operations are run with; one for the whole server. */
export interface OperationTools {
  readonly upstream: UpstreamClient;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly maxUsers: number;
}

/** What is known of a request before its operation runs. */
export interface OperationRequest {
  readonly requestId: string;
  readonly authorization: string | undefined;
  /** Whether the caller wants the upstream report, and may have it. */
  readonly report: boolean;
  /** The span of the request, where it is traced. */
  readonly span?: RequestSpan | undefined;
}

/** What clients may name an operation is only limited by the size of a request. */
const LONGEST_NAME = 100;

/** One GraphQL request from start to end: its loader, and what log, metrics, trace and report say of it. */
export class Operation implements OperationObserver {
  readonly requestId: string;
  readonly loader: ResourceLoader;
  readonly #tools: OperationTools;
  readonly #usage: UpstreamUsage;
  readonly #span: OperationSpan | undefined;
  readonly #traceId: string | undefined;
  readonly #started = performance.now();
  #errors: readonly GraphQLError[] = [];
  #untrusted: UntrustedDocument | undefined;
  #cancelled = false;
  #done = false;

  constructor(tools: OperationTools, { requestId, authorization, report, span }: OperationRequest) {
    this.requestId = requestId;
    this.#tools = tools;
    this.#usage = new UpstreamUsage(report);
    this.#span = span?.operation();
    this.#traceId = span?.traceId;
    this.loader = new ResourceLoader(
      this.#span === undefined ? tools.upstream : tracedReader(tools.upstream, this.#span),
      { authorization, requestId },
      tools.maxUsers,
      this.#answered,
    );
  }

  failed(errors: readonly GraphQLError[]): void {
    this.#errors = errors;
    if (this.#cancelled) return;
    for (const error of errors) {
      if (!isUnexpected(error)) continue;
      this.#tools.logger.error(
        { requestId: this.requestId, err: error.originalError ?? error },
        'unexpected error',
      );
    }
  }

  done(operationName: string | null | undefined, data: unknown): Record<string, unknown> | undefined {
    this.#finish(this.#outcome(data), operationName ?? undefined);
    const upstream = this.#usage.report(this.loader.items);
    return upstream && { upstream };
  }

  /** Whether GraphQL refused a well-formed request, which then was not executed. */
  get hasRequestErrors(): boolean {
    return this.#errors.length > 0 && this.#errors.every(isRequestError);
  }

  /** The client went away: gives up every GET that nobody else waits for. */
  cancel(): void {
    this.#cancelled = true;
    this.loader.cancel();
  }

  /** The document is not in the manifest of trusted ones. May be said more than once. */
  untrusted(document: UntrustedDocument): void {
    if (this.#untrusted !== undefined) return;
    this.#untrusted = document;
    this.#tools.metrics.untrustedDocument();
  }

  /**
   * The request is over. Where its operation did not get as far as `done`, it was refused before GraphQL saw it. Gives
   * whether that is so.
   */
  end(): boolean {
    const refused = !this.#done;
    this.#finish('refused', undefined);
    return refused;
  }

  #outcome(data: unknown): Outcome {
    if (this.#cancelled) return 'cancelled';
    if (data === undefined) return 'refused';
    if (this.#errors.length === 0) return 'ok';
    return data === null ? 'failed' : 'partial';
  }

  #finish(outcome: Outcome, operationName: string | undefined): void {
    if (this.#done) return;
    this.#done = true;
    const name = operationName?.slice(0, LONGEST_NAME);
    const { gets, shared, attempts, bytes } = this.#usage;
    const durationMs = performance.now() - this.#started;
    const users = this.loader.items;
    this.#tools.metrics.operation(outcome, durationMs, users, gets, shared);
    this.#span?.end({ name, outcome, users });
    this.#tools.logger.info(
      {
        requestId: this.requestId,
        traceId: this.#traceId,
        operation: name,
        outcome,
        durationMs: tenths(durationMs),
        errors: this.#errors.length,
        users,
        gets,
        shared,
        attempts,
        bytes,
      },
      'operation',
    );
    if (this.#untrusted !== undefined) this.#logUntrusted(this.#untrusted, name);
  }

  #logUntrusted({ text, operationName }: UntrustedDocument, name: string | undefined): void {
    this.#tools.logger.warn(
      {
        requestId: this.requestId,
        operation: name ?? operationName?.slice(0, LONGEST_NAME),
        sha256: text && hashOfText(text),
      },
      'untrusted document',
    );
  }

  readonly #answered: AnswerObserver = (
    { url, shared },
    { outcome, status, bytes, attempts },
    durationMs,
  ) => {
    this.#usage.add({
      method: 'GET',
      path: url,
      status,
      durationMs: tenths(durationMs),
      bytes,
      attempts,
      shared,
    });
    if (outcome.kind !== 'failed' || shared || outcome.error instanceof CancelledError) return;
    const { message, cause } = outcome.error;
    this.#tools.logger.warn(
      {
        requestId: this.requestId,
        traceId: this.#traceId,
        path: url,
        status,
        attempts,
        durationMs: tenths(durationMs),
        reason: reasonOf(cause),
      },
      message,
    );
  };
}

/** What a library threw, by its code or name alone: its message may quote the answer. */
function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
