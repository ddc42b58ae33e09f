import { destination, type Logger, pino } from 'pino';

export type { Logger };

export interface LoggerOptions {
  readonly level: string;
  /** Lines for a person to read, where a person is there; JSON otherwise. */
  readonly pretty: boolean;
}

/** A logger to standard output. */
export interface ProcessLogger {
  readonly logger: Logger;
  /** Writes out what is still in the buffer; to be called before the process ends. */
  flush(): void;
}

const BUFFERED = {
  // A system call for each line would cost more than the line itself; a line waits 100 ms at the longest.
  sync: false,
  minLength: 8192,
  periodicFlush: 100,
  // Where nobody reads the output, lines are lost rather than memory.
  maxLength: 16_777_216,
};

/** Makes the logger of the process. */
export async function createProcessLogger({ level, pretty }: LoggerOptions): Promise<ProcessLogger> {
  if (pretty) {
    const { default: prettyStream } = await import('pino-pretty');
    return { logger: pino({ level }, prettyStream({ sync: true, ignore: 'pid,hostname' })), flush() {} };
  }
  const stream = destination(BUFFERED);
  return { logger: pino({ level, base: { pid: process.pid } }, stream), flush: () => stream.flushSync() };
}
