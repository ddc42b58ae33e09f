import type { FetchRecord } from '#upstream/fetch.ts';

const path = '/apis/v1/communities/c/users/u?email';

/** How a GET went that was answered at once, but for what is said otherwise. */
export function fetchRecord(rest: Partial<FetchRecord> = {}): FetchRecord {
  return {
    resource: 'communityUser',
    url: path,
    status: 200,
    startedAt: 10,
    durationMs: 4.123,
    bytes: 100,
    attempts: 1,
    shared: false,
    error: undefined,
    ...rest,
  };
}
