import type { FetchRecord, ResourceReader } from '#upstream/fetch.ts';
import { type Logger, OperationLog } from './logger.ts';
import type { Metrics } from './metrics.ts';
import {
  type OperationRecord,
  type OperationStatus,
  type ReportKind,
  type UpstreamCall,
  type UpstreamReport,
  upstreamCall,
  upstreamReport,
} from './operation-record.ts';
import {
  type OperationSpan,
  type RequestSpan,
  type TracedRequest,
  type Tracing,
  tracedReader,
} from './tracing.ts';

export interface TelemetryOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing?: Tracing | undefined;
  /** Whether those who ask for the upstream report get it. */
  readonly reportAllowed: boolean;
}

/** How an operation ended, as far as only GraphQL knows. */
export interface EndedOperation {
  readonly name?: string | undefined;
  readonly outcome: OperationStatus;
  /** Errors in the answer. */
  readonly errors: number;
  /** Distinct items asked for, with the name of their resource. */
  readonly items: Iterable<readonly [resource: string, items: number]>;
}

/** A document that is not in the manifest of trusted ones. */
export interface UntrustedDocument {
  readonly text?: string | undefined;
  readonly operationName?: string | undefined;
}

/** Tells log, metrics, traces and reports how requests go. One for the whole server. */
export class Telemetry {
  readonly #log: OperationLog;
  readonly #metrics: Metrics;
  readonly #tracing: Tracing | undefined;
  readonly #reportAllowed: boolean;

  constructor({ logger, metrics, tracing, reportAllowed }: TelemetryOptions) {
    this.#log = new OperationLog(logger);
    this.#metrics = metrics;
    this.#tracing = tracing;
    this.#reportAllowed = reportAllowed;
  }

  /** A GraphQL request is there. */
  begin(request: TracedRequest): OperationScope {
    const report = this.#reportAllowed ? reportKind(request.headers['x-upstream-report']) : undefined;
    const span = this.#tracing?.request(request);
    return new OperationScope(this.#log, this.#metrics, request.requestId, report, span);
  }
}

function reportKind(header: unknown): ReportKind | undefined {
  return header === '1' || header === 'timeline' ? header : undefined;
}

/** What clients may name an operation is only limited by the size of a request. */
const MAX_NAME_LENGTH = 100;

/** One GraphQL request from start to end, and its record at the end. */
export class OperationScope implements OperationRecord {
  readonly requestId: string;
  readonly traceId: string | undefined;
  name: string | undefined;
  outcome: OperationStatus = 'refused';
  durationMs = 0;
  errors = 0;
  users = 0;
  gets = 0;
  shared = 0;
  attempts = 0;
  bytes = 0;
  readonly #log: OperationLog;
  readonly #metrics: Metrics;
  readonly #requestSpan: RequestSpan | undefined;
  readonly #span: OperationSpan | undefined;
  readonly #started = performance.now();
  readonly #calls: UpstreamCall[] | undefined;
  readonly #timelineOrigin: number | undefined;
  #untrusted: UntrustedDocument | undefined;
  #ended = false;

  constructor(
    log: OperationLog,
    metrics: Metrics,
    requestId: string,
    report: ReportKind | undefined,
    requestSpan: RequestSpan | undefined,
  ) {
    this.requestId = requestId;
    this.traceId = requestSpan?.traceId;
    this.#log = log;
    this.#metrics = metrics;
    this.#requestSpan = requestSpan;
    this.#span = requestSpan?.operation();
    this.#calls = report === undefined ? undefined : [];
    this.#timelineOrigin = report === 'timeline' ? this.#started : undefined;
  }

  /** The reader for this request: it makes a span of each GET where the request is traced. */
  reader(reader: ResourceReader): ResourceReader {
    return this.#span === undefined ? reader : tracedReader(reader, this.#span);
  }

  /** A GET has settled. One that ended before it was sent counts as none; why it failed is told all the same. */
  fetched(record: FetchRecord): void {
    const { resource, attempts, bytes, shared, error } = record;
    if (attempts > 0) {
      this.#metrics.fetched(resource, shared);
      if (shared) this.shared++;
      else {
        this.gets++;
        this.attempts += attempts;
        this.bytes += bytes;
      }
      this.#calls?.push(upstreamCall(record, this.#timelineOrigin));
    }
    if (error !== undefined && !shared && error.code !== 'CANCELLED') this.#log.failedGet(this, record);
  }

  /** An error that is no answer to anybody: it goes to the log, with its stack. */
  unexpected(error: unknown): void {
    this.#log.unexpected(this, error);
  }

  /** The document is not in the manifest of trusted ones. May be said more than once. */
  untrusted(document: UntrustedDocument): void {
    if (this.#untrusted === undefined) this.#metrics.untrustedDocument();
    this.#untrusted ??= document;
  }

  /** The upstream report, where the request asks for it and may have it; `items` gives what `EndedOperation` has. */
  report(items: () => EndedOperation['items']): UpstreamReport | undefined {
    return this.#calls && upstreamReport(items(), this.#calls);
  }

  /** The answer is ready, or given up. Only the first call counts. */
  end({ name, outcome, errors, items }: EndedOperation): void {
    if (this.#ended) return;
    this.#ended = true;
    this.name = name?.slice(0, MAX_NAME_LENGTH);
    this.outcome = outcome;
    this.errors = errors;
    const durationMs = performance.now() - this.#started;
    this.durationMs = Math.round(durationMs * 10) / 10;
    for (const [resource, count] of items) {
      this.users += count;
      this.#metrics.requested(resource, count);
    }
    this.#metrics.operation(outcome, durationMs);
    this.#span?.end(this);
    this.#log.operation(this);
    if (this.#untrusted === undefined) return;
    const { text, operationName } = this.#untrusted;
    this.#log.untrusted(this, this.name ?? operationName?.slice(0, MAX_NAME_LENGTH), text);
  }

  /** The response is out, or its client gone, where `status` is undefined. */
  responded(status: number | undefined): void {
    this.#requestSpan?.end(status);
  }
}
