const MAX_SECONDS = 86_400;

/**
 * Reads a `Retry-After` header (RFC 9110 §10.2.3): seconds, or a date. Gives whole seconds from now, at most a day;
 * `undefined` where there is none, or one that makes no sense.
 */
export function retryAfterSeconds(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const value = header.trim();
  if (/^\d+$/.test(value)) return Math.min(Number(value), MAX_SECONDS);
  if (!IMF_FIXDATE.test(value)) return undefined;
  const date = Date.parse(value);
  if (Number.isNaN(date)) return undefined;
  return Math.min(Math.max(0, Math.ceil((date - now) / 1000)), MAX_SECONDS);
}

/** `Date.parse` alone takes nearly anything for a date, `-5` among it. */
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
