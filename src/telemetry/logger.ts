import { hash } from 'node:crypto';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { FetchRecord } from '#upstream/fetch.ts';
import { LogWriter } from './log-writer.ts';
import { type OperationRecord, roundMs } from './operation-record.ts';

export type { Logger };

export interface LoggerOptions {
  readonly level: string;
  /** Lines for a person to read, where a person is there; JSON otherwise. */
  readonly pretty: boolean;
  /** Whether other processes write to the same output. */
  readonly shared: boolean;
}

/** A logger to standard output. */
export interface ProcessLogger {
  readonly logger: Logger;
  /** Lines that were lost since standard output did not take them. */
  lostLines(): number;
  /** Writes out what is still in the buffer, for a second at the most; to be called before the process ends. */
  flush(): void;
}

/** Makes the logger of the process. Pretty lines need pino-pretty, which production does not install: JSON without it. */
export async function createProcessLogger({ level, pretty, shared }: LoggerOptions): Promise<ProcessLogger> {
  const stream = pretty ? await prettyStream() : undefined;
  if (stream !== undefined) return { logger: pino({ level }, stream), lostLines: () => 0, flush() {} };
  const writer = new LogWriter(shared);
  return {
    logger: pino({ level, base: { pid: process.pid } }, writer),
    lostLines: () => writer.lostLines,
    flush: () => writer.flushSync(),
  };
}

async function prettyStream(): Promise<DestinationStream | undefined> {
  try {
    const { default: pretty } = await import('pino-pretty');
    return pretty({ sync: true, singleLine: true, ignore: 'pid,hostname' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
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
