import { type DestinationStream, destination } from 'pino';

const LONGEST_DELAY_MS = 100;
const MOST_BYTES = 32_768;
/** So much goes into a pipe in one piece, by POSIX, and no line of another process into the middle of one of ours. */
const MOST_BYTES_SHARED = 4096;
/** Where nobody reads the output, lines are lost rather than memory. */
const MOST_UNWRITTEN_BYTES = 16_777_216;

/**
 * Writes lines to standard output many at a time, a tenth of a second late at the most: a system call for each would cost
 * more than the line itself. (pino's own destination has a buffer as well, but measures all that is in it for every line
 * that is added.)
 */
export class LineBuffer implements DestinationStream {
  readonly #output: ReturnType<typeof destination>;
  /**
   * The lines, encoded at once: pino puts each of them together of thirty pieces, which would be kept, and moved about by
   * the garbage collector, until all are written.
   */
  readonly #lines: Buffer;
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `shared` says whether other processes write to standard output too. */
  constructor(shared: boolean) {
    const maxWrite = shared ? MOST_BYTES_SHARED : MOST_BYTES;
    this.#lines = Buffer.allocUnsafeSlow(maxWrite);
    this.#output = destination({ sync: false, minLength: 0, maxLength: MOST_UNWRITTEN_BYTES, maxWrite });
  }

  write(line: string): void {
    const mostBytes = line.length * BYTES_OF_CHARACTER;
    if (this.#length + mostBytes > this.#lines.length) this.#flush();
    if (mostBytes > this.#lines.length) {
      this.#output.write(line);
      return;
    }
    this.#length += this.#lines.write(line, this.#length);
    this.#timer ??= setTimeout(() => this.#flush(), LONGEST_DELAY_MS).unref();
  }

  /** Writes everything out before it returns; for the end of the process. */
  flushSync(): void {
    this.#flush();
    this.#output.flushSync();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#length === 0) return;
    this.#output.write(this.#lines.toString('utf8', 0, this.#length));
    this.#length = 0;
  }
}

/** UTF-8 takes at most so many for each unit of a string. */
const BYTES_OF_CHARACTER = 3;
