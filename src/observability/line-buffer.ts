import { type DestinationStream, destination } from 'pino';

const LONGEST_DELAY_MS = 100;
const MOST_CHARACTERS = 32_768;
/** So much goes into a pipe in one piece, by POSIX, and no line of another process into the middle of one of ours. */
const MOST_CHARACTERS_SHARED = 4096;
/** Where nobody reads the output, lines are lost rather than memory. */
const MOST_UNWRITTEN_BYTES = 16_777_216;

/**
 * Writes lines to standard output many at a time, a tenth of a second late at the most: a system call for each would cost
 * more than the line itself. (pino's own destination has a buffer as well, but measures all that is in it for every line
 * that is added.)
 */
export class LineBuffer implements DestinationStream {
  readonly #most: number;
  readonly #output: ReturnType<typeof destination>;
  #lines = '';
  #timer: NodeJS.Timeout | undefined;

  /** `shared` says whether other processes write to standard output too. */
  constructor(shared: boolean) {
    this.#most = shared ? MOST_CHARACTERS_SHARED : MOST_CHARACTERS;
    const maxWrite = this.#most;
    this.#output = destination({ sync: false, minLength: 0, maxLength: MOST_UNWRITTEN_BYTES, maxWrite });
  }

  write(line: string): void {
    if (this.#lines.length + line.length > this.#most) this.#flush();
    this.#lines += line;
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
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') this.#output.write(lines);
  }
}
