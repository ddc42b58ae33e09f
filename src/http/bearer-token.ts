import type { IncomingMessage } from 'node:http';

/** RFC 6750 §2.1. Two `Authorization` headers arrive joined by a comma, which it does not have. */
const BEARER = /^Bearer [A-Za-z0-9._~+/-]+=*$/i;
const MAX_LENGTH = 4096;

/** The `Authorization` header as it came, if it is exactly one well-formed Bearer token of bearable length. */
export function bearerAuthorization({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined || authorization.length > MAX_LENGTH) return undefined;
  return BEARER.test(authorization) ? authorization : undefined;
}
