import { type DestinationStream, type Logger, pino } from 'pino';
import { LogWriter } from './log-writer.ts';

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
