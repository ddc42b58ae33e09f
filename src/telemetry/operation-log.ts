import { hash } from 'node:crypto';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { FetchRecord } from '#upstream/fetch.ts';

/**
 * How an operation ended: with all its data, with errors beside data, without data, refused before it ran, left by its
 * client, or turned away since too many GETs waited.
 */
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

export const OPERATION_STATUSES = ['ok', 'partial', 'failed', 'refused', 'cancelled', 'overloaded'] as const;

/** How one GraphQL request went: what log, metrics and span read once it is over. */
export class OperationRecord {
  /** Of letters, digits, `.`, `_` and `-`. */
  readonly requestId: string;
  /** Where it is traced. */
  readonly traceId: string | undefined;
  name: string | undefined;
  outcome: OperationStatus = 'refused';
  /** In tenths. */
  durationMs = 0;
  /** Errors in the answer. */
  errors = 0;
  /** Distinct items of the REST API, users as a rule, that it asked for. */
  users = 0;
  /** GETs made for it, those of other requests not counted. */
  gets = 0;
  /** GETs of other requests that served it too. */
  shared = 0;
  attempts = 0;
  /** Bytes of body. */
  bytes = 0;

  constructor(requestId: string, traceId: string | undefined) {
    this.requestId = requestId;
    this.traceId = traceId;
  }
}

/** Milliseconds as logs and reports show them. */
export function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

/** Says in the log how requests went. */
export class OperationLog {
  readonly #logger: Logger;
  readonly #stream: DestinationStream;
  /** What each line of an operation has before and after its time. */
  readonly #beforeTime: string;
  readonly #afterTime: string;

  constructor(logger: Logger) {
    if (!hasStream(logger)) throw new TypeError('The logger must be one of pino.');
    this.#logger = logger;
    this.#stream = logger[pino.symbols.streamSym];
    this.#beforeTime = `{"level":${logger.levels.values.info},"time":`;
    this.#afterTime = `${logger[pino.symbols.chindingsSym]},"requestId":"`;
  }

  /**
   * The line of an operation, as pino would write it. Every request has one, and pino's way through an object, its keys
   * and their serializers takes three times as long.
   */
  operation(record: OperationRecord): void {
    if (!this.#logger.isLevelEnabled('info')) return;
    const { requestId, traceId, name, outcome, durationMs, errors, users, gets, shared, attempts, bytes } =
      record;
    this.#stream.write(
      this.#beforeTime +
        Date.now() +
        this.#afterTime +
        requestId +
        (traceId === undefined ? '"' : `","traceId":"${traceId}"`) +
        (name === undefined ? '' : `,"operation":${JSON.stringify(name)}`) +
        `,"outcome":"${outcome}","durationMs":${durationMs},"errors":${errors},"users":${users}` +
        `,"gets":${gets},"shared":${shared},"attempts":${attempts},"bytes":${bytes},"msg":"operation"}\n`,
    );
  }

  /** A GET failed. What a library threw is told by its code or name alone: its message may quote the answer. */
  failedGet({ requestId, traceId }: Ids, record: FetchRecord): void {
    const { error, url, status, attempts, durationMs } = record;
    this.#logger.warn(
      {
        requestId,
        traceId,
        path: url,
        status,
        attempts,
        durationMs: roundMs(durationMs),
        reason: reasonOf(error?.cause),
      },
      error?.message,
    );
  }

  /** Something that should not happen happened. */
  unexpected({ requestId, traceId }: Ids, error: unknown): void {
    this.#logger.error({ requestId, traceId, err: error }, 'unexpected error');
  }

  untrusted({ requestId, traceId }: Ids, name: string | undefined, text: string | undefined): void {
    const sha256 = text === undefined ? undefined : hash('sha256', text);
    this.#logger.warn({ requestId, traceId, operation: name, sha256 }, 'untrusted document');
  }
}

type Ids = Pick<OperationRecord, 'requestId' | 'traceId'>;

interface LineTarget {
  readonly [pino.symbols.streamSym]: DestinationStream;
  /** The fields that all lines have, as they stand in a line. */
  readonly [pino.symbols.chindingsSym]: string;
}

function hasStream(logger: Logger): logger is Logger & LineTarget {
  return pino.symbols.streamSym in logger && pino.symbols.chindingsSym in logger;
}

function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
