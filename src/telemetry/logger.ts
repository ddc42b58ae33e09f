import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { type DestinationStream, type Logger, pino } from 'pino';

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
  const prettier = pretty ? await import('pino-pretty').catch(undefinedIfMissing) : undefined;
  if (prettier !== undefined) {
    const stream = prettier.default({ sync: true, singleLine: true, ignore: 'pid,hostname' });
    return { logger: pino({ level }, stream), lostLines: () => 0, flush() {} };
  }
  const writer = new LogWriter(shared);
  return {
    logger: pino({ level, base: { pid: process.pid } }, writer),
    lostLines: () => writer.lostLines,
    flush: () => writer.flushSync(),
  };
}

function undefinedIfMissing(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
}

const STDOUT = 1;
const STDOUT_PATH = '/proc/self/fd/1';
const FLUSH_DELAY_MS = 100;
const RETRY_DELAY_MS = 5;
const FLUSH_BYTES = 32_768;
/** A pipe takes so much in one piece, by POSIX, without a line of another process in the middle. */
const ATOMIC_BYTES = 4096;
const MAX_BUFFERED_BYTES = 4_194_304;
const MAX_FINAL_FLUSH_MS = 1000;
const NEWLINE = 10;

/**
 * Writes lines to standard output, many at a time and a tenth of a second late at the most: a system call for each would
 * cost more than the line.
 *
 * Nothing here waits for whoever reads the lines: a pipe or socket is non-blocking, so that a write takes what there is
 * room for and fails with EAGAIN otherwise. (In libuv's thread pool, a write to a pipe that nobody reads would block its
 * thread, and the process could not end, since it waits for its threads.) What can't be written now, for this reason or
 * because a disk is full, is tried again later; past the size of the buffer, lines are lost and counted.
 */
export class LogWriter implements DestinationStream {
  /** How many were given up, since nobody took them. */
  lostLines = 0;
  readonly #output = openOutput();
  readonly #sharedOutput = this.#output === STDOUT ? sharedOutput() : undefined;
  readonly #flushBytes: number;
  /** Lines are encoded at once: as strings, each would keep its many pieces alive until it is written. */
  readonly #buffer = Buffer.allocUnsafeSlow(MAX_BUFFERED_BYTES);
  #start = 0;
  #end = 0;
  #blocked = false;
  #timer: NodeJS.Timeout | undefined;

  /** `shared`: whether other processes write to the same output. */
  constructor(shared: boolean) {
    this.#flushBytes = shared ? ATOMIC_BYTES : FLUSH_BYTES;
  }

  write(line: string): void {
    if (!this.#hasRoom(line.length * MAX_BYTES_PER_UNIT)) {
      this.lostLines++;
      return;
    }
    this.#end += this.#buffer.write(line, this.#end);
    if (this.#end - this.#start >= this.#flushBytes && !this.#blocked) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_DELAY_MS).unref();
  }

  /** Writes what is left, for a second at the most; for the end of the process. */
  flushSync(): void {
    const deadline = performance.now() + MAX_FINAL_FLUSH_MS;
    this.#flush();
    while (this.#blocked && performance.now() < deadline) {
      Atomics.wait(SLEEP, 0, 0, RETRY_DELAY_MS);
      this.#flush();
    }
  }

  #hasRoom(bytes: number): boolean {
    if (this.#end + bytes <= this.#buffer.length) return true;
    // Moving the rest to the front pays only where that is the smaller part; it must not be done for each line.
    if (this.#start < this.#buffer.length / 2) return false;
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    return this.#end + bytes <= this.#buffer.length;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      while (this.#start < this.#end) {
        this.#sharedOutput?.setBlocking(false);
        this.#start += writeSync(this.#output, this.#buffer, this.#start, this.#pieceBytes());
      }
      this.#clear();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EPIPE') {
        this.lostLines += this.#buffer.toString('latin1', this.#start, this.#end).split('\n').length - 1;
        this.#clear();
      } else {
        this.#blocked = true;
        this.#timer = setTimeout(() => this.#flush(), RETRY_DELAY_MS).unref();
      }
    }
  }

  #clear(): void {
    this.#start = 0;
    this.#end = 0;
    this.#blocked = false;
  }

  /** Whole lines of `#flushBytes` at the most, or one longer line. */
  #pieceBytes(): number {
    const limit = this.#start + this.#flushBytes;
    if (this.#end <= limit) return this.#end - this.#start;
    const afterLastLine = this.#buffer.lastIndexOf(NEWLINE, limit - 1) + 1;
    const end = afterLastLine > this.#start ? afterLastLine : this.#buffer.indexOf(NEWLINE, limit) + 1;
    return end - this.#start;
  }
}

/**
 * Standard output, non-blocking. Reading `process.stdout` makes it so, but Node makes it blocking again, for all processes
 * that have it, whenever one of them starts another or ends; a pipe can be opened once more, for us alone.
 */
function openOutput(): number {
  // Whoever else writes to it must not end the process by a broken pipe.
  process.stdout.on('error', () => {});
  try {
    if (fstatSync(STDOUT).isFIFO()) return openSync(STDOUT_PATH, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    // There is no such path outside Linux, and it may belong to another user.
  }
  return STDOUT;
}

interface Blockable {
  setBlocking(on: boolean): void;
}

/**
 * What is to be made non-blocking anew for each write: a socket, as systemd has it, which can't be opened once more, or a
 * pipe that only its owner may open, as containers have it.
 */
function sharedOutput(): Blockable | undefined {
  const stats = fstatSync(STDOUT);
  const handle: unknown =
    stats.isSocket() || stats.isFIFO() ? Reflect.get(process.stdout, '_handle') : undefined;
  return isBlockable(handle) ? handle : undefined;
}

function isBlockable(handle: unknown): handle is Blockable {
  return typeof handle === 'object' && handle !== null && 'setBlocking' in handle;
}

/** UTF-8 takes at most so many for each unit of a string. */
const MAX_BYTES_PER_UNIT = 3;

/** Nobody wakes it up. */
const SLEEP = new Int32Array(new SharedArrayBuffer(4));
