import { type DestinationStream, destination } from 'pino';

const LONGEST_DELAY_MS = 100;
const MOST_CHARACTERS = 32_768;
/** Where nobody reads the output, lines are lost rather than memory. */
const MOST_UNWRITTEN_BYTES = 16_777_216;

/**
 * Writes lines to standard output many at a time, a tenth of a second late at the most: a system call for each would cost
 * more than the line itself. (pino's own destination has a buffer as well, but measures all that is in it for every line
 * that is added.)
 */
export class LineBuffer implements DestinationStream {
  readonly #output = destination({ sync: false, minLength: 0, maxLength: MOST_UNWRITTEN_BYTES });
  #lines = '';
  #timer: NodeJS.Timeout | undefined;

  write(line: string): void {
    this.#lines += line;
    if (this.#lines.length > MOST_CHARACTERS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), LONGEST_DELAY_MS).unref();
  }

  /** Writes everything out before it returns; for the end of the process. */
  flushSync(): void {
    this.#flush();
    this.#output.flushSync();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') this.#output.write(lines);
  }
}
