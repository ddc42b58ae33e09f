/**
 * A number that tells callers apart well enough for counting, so that nothing keeps a credential for longer than the GETs
 * made with it. Two callers may have the same one. It looks at the end alone: that is where tokens differ, and they may be
 * kilobytes long.
 */
export function callerHash(authorization: string): number {
  let hash = 0x811c9dc5;
  for (let index = Math.max(0, authorization.length - MAX_HASHED); index < authorization.length; index++) {
    hash = Math.imul(hash ^ authorization.charCodeAt(index), 0x01000193);
  }
  return hash;
}

const MAX_HASHED = 64;
