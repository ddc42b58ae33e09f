/** How every response begins that may be an interim one. HTTP/1.0 has none. */
const START = 'HTTP/1.1 1';
const END_OF_HEAD = '\r\n\r\n';
/** As much as a head may have in Node. */
const MAX_HEAD_BYTES = 16_384;

/**
 * Takes the interim responses (RFC 9110 §15.2, every 1xx but the switch of protocols) out of what comes over a
 * connection before the final one. undici passes most of them over by itself, but closes the connection at a 100.
 */
export class InterimResponses {
  /** What came of a head that is not complete; undefined once the final response has begun. */
  #held: Buffer | undefined;

  /** A request is being sent: what comes next is the head of a response. */
  expect(): void {
    this.#held = EMPTY;
  }

  /** What is left of a chunk; null where nothing is. */
  strip(chunk: Buffer): Buffer | null {
    if (this.#held === undefined) return chunk;
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (mayBeInterim(bytes)) {
      const end = bytes.indexOf(END_OF_HEAD);
      if (end === -1) {
        if (bytes.length > MAX_HEAD_BYTES) break;
        this.#held = bytes;
        return null;
      }
      bytes = bytes.subarray(end + END_OF_HEAD.length);
    }
    this.#held = undefined;
    return bytes;
  }
}

const EMPTY = Buffer.alloc(0);

function mayBeInterim(bytes: Buffer): boolean {
  // Nearly always it is a final response: told apart by one byte.
  if (bytes.length >= START.length && bytes[START.length - 1] !== 0x31) return false;
  const status = bytes.toString('latin1', 0, START.length + 2);
  return START.startsWith(status.slice(0, START.length)) && !status.endsWith('101');
}
