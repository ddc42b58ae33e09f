import type { FetchRecord, ResourceReader } from '#upstream/fetch.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { OperationLog, OperationRecord, type OperationStatus, roundMs } from './operation-log.ts';
import type { RequestTrace, TracedRequest, Tracing } from './tracing.ts';

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

/** What a request may ask for in its header `x-upstream-report`: the GETs, or these with when each of them began. */
export type ReportKind = '1' | 'timeline';

/** Tells log, metrics, traces and reports how requests go. One for the whole server. */
export class Telemetry {
  readonly log: OperationLog;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
  readonly reportAllowed: boolean;

  constructor({ logger, metrics, tracing, reportAllowed }: TelemetryOptions) {
    this.log = new OperationLog(logger);
    this.metrics = metrics;
    this.tracing = tracing;
    this.reportAllowed = reportAllowed;
  }

  /** A GraphQL request is there. */
  begin(request: TracedRequest): OperationScope {
    return new OperationScope(this, request);
  }
}

/** What clients may name an operation is only limited by the size of a request. */
const MAX_NAME_LENGTH = 100;

/** One GraphQL request from start to end, and its record at the end. */
export class OperationScope extends OperationRecord {
  readonly #telemetry: Telemetry;
  readonly #trace: RequestTrace | undefined;
  #report: ReportKind | undefined;
  /** What is reported of. */
  #fetches: FetchRecord[] | undefined;
  readonly #started = performance.now();
  #untrusted: UntrustedDocument | undefined;
  #ended = false;

  constructor(telemetry: Telemetry, request: TracedRequest) {
    const trace = telemetry.tracing?.begin(request);
    super(request.requestId, trace?.traceId);
    this.#telemetry = telemetry;
    this.#trace = trace;
    const report = telemetry.reportAllowed ? request.headers['x-upstream-report'] : undefined;
    if (report === '1' || report === 'timeline') {
      this.#report = report;
      this.#fetches = [];
    }
  }

  /** The reader for this request: it makes a span of each GET where the request is traced. */
  reader(reader: ResourceReader): ResourceReader {
    return this.#trace === undefined ? reader : this.#trace.reader(reader);
  }

  /** A GET has settled. One that ended before it was sent counts as none; why it failed is told all the same. */
  fetched(record: FetchRecord): void {
    const { resource, attempts, bytes, shared, error } = record;
    const { log, metrics } = this.#telemetry;
    if (attempts > 0) {
      metrics.fetched(resource, shared);
      if (shared) this.shared++;
      else {
        this.gets++;
        this.attempts += attempts;
        this.bytes += bytes;
      }
      this.#fetches?.push(record);
    }
    if (error !== undefined && !shared && error.code !== 'CANCELLED') log.failedGet(this, record);
  }

  /** An error that is no answer to anybody: it goes to the log, with its stack. */
  unexpected(error: unknown): void {
    this.#telemetry.log.unexpected(this, error);
  }

  /** The document is not in the manifest of trusted ones. May be said more than once. */
  untrusted(document: UntrustedDocument): void {
    if (this.#untrusted === undefined) this.#telemetry.metrics.untrustedDocument();
    this.#untrusted ??= document;
  }

  /**
   * `extensions.upstream` of the answer, where the request asks for it and may have it: which GETs were made for how many
   * users. `items` gives what `EndedOperation` has.
   */
  report(items: () => EndedOperation['items']): object | undefined {
    if (this.#fetches === undefined) return undefined;
    const counts = [...items()];
    return {
      users: counts.reduce((sum, [, count]) => sum + count, 0),
      ...(counts.length > 1 && { items: Object.fromEntries(counts) }),
      calls: this.#fetches.map(({ url, status, startedAt, durationMs, bytes, attempts, shared }) => ({
        method: 'GET',
        path: url,
        status,
        ...(this.#report === 'timeline' && { startMs: roundMs(startedAt - this.#started) }),
        durationMs: roundMs(durationMs),
        bytes,
        attempts,
        shared,
      })),
    };
  }

  /** The answer is ready, or given up. Only the first call counts. */
  end({ name, outcome, errors, items }: EndedOperation): void {
    if (this.#ended) return;
    this.#ended = true;
    const { log, metrics } = this.#telemetry;
    const durationMs = performance.now() - this.#started;
    this.name = name?.slice(0, MAX_NAME_LENGTH);
    this.outcome = outcome;
    this.errors = errors;
    this.durationMs = roundMs(durationMs);
    for (const [resource, count] of items) {
      this.users += count;
      metrics.requested(resource, count);
    }
    metrics.operation(outcome, durationMs);
    this.#trace?.ended(this);
    log.operation(this);
    if (this.#untrusted === undefined) return;
    const { text, operationName } = this.#untrusted;
    log.untrusted(this, this.name ?? operationName?.slice(0, MAX_NAME_LENGTH), text);
  }

  /** The response is out, or its client gone, where `status` is undefined. */
  responded(status: number | undefined): void {
    this.#trace?.responded(status);
  }
}
