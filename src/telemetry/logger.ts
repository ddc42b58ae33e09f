import { type Logger, pino } from 'pino';
import { LineBuffer } from './line-buffer.ts';

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
  /** Writes out what is still in the buffer; to be called before the process ends. */
  flush(): void;
}

/** Makes the logger of the process. */
export async function createProcessLogger({ level, pretty, shared }: LoggerOptions): Promise<ProcessLogger> {
  if (pretty) {
    const { default: prettyStream } = await import('pino-pretty');
    const stream = prettyStream({ sync: true, singleLine: true, ignore: 'pid,hostname' });
    return { logger: pino({ level }, stream), flush() {} };
  }
  const lines = new LineBuffer(shared);
  return { logger: pino({ level, base: { pid: process.pid } }, lines), flush: () => lines.flushSync() };
}
