/**
 * Headers of every response. Those that matter to pages alone (`content-security-policy` and its like) are on the pages:
 * with `nosniff`, a browser shows none of our JSON as a page.
 */
export const SECURITY_HEADERS = {
  // Whatever it is, it belongs to one caller.
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};
