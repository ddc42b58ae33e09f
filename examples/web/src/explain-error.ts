import { CombinedGraphQLErrors, type ErrorLike } from '@apollo/client';
import type { Caller } from './callers.ts';

/** An error in words for the person at the page. */
export interface Explanation {
  readonly title: string;
  readonly text: string;
  /** Whether the same request may work later. */
  readonly retryable: boolean;
  /** How long to wait before that. */
  readonly retryAfterSeconds: number;
  /** What finds the request in the logs. */
  readonly requestId?: string | undefined;
}

/** Explains what became of an operation. Only the first of several errors, which is the one to act on. */
export function explainError(error: ErrorLike, caller: Caller): Explanation {
  const first = CombinedGraphQLErrors.is(error) ? error.errors[0] : undefined;
  if (first === undefined) {
    return {
      title: 'The service can’t be reached',
      text: 'Nothing came back from it. Is it running, and are you online?',
      retryable: true,
      retryAfterSeconds: 0,
    };
  }
  const { code, retryable, retryAfterSeconds, requestId } = first.extensions ?? {};
  return {
    ...wordsFor(code, caller),
    retryable: retryable === true,
    retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : 0,
    requestId: typeof requestId === 'string' ? requestId : undefined,
  };
}

/** What of the operation's field failed for itself: places of a list, or fields of a user. */
export function failedParts(error: ErrorLike | undefined): ReadonlySet<string | number | undefined> {
  return new Set(CombinedGraphQLErrors.is(error) ? error.errors.map(({ path }) => path?.[1]) : []);
}

function wordsFor(code: unknown, caller: Caller): Pick<Explanation, 'title' | 'text'> {
  switch (code) {
    case 'UNAUTHENTICATED':
      return unauthenticated(caller);
    case 'FORBIDDEN':
      return { title: 'Not for you', text: 'You may not read this member.' };
    case 'UPSTREAM_UNAVAILABLE':
      return {
        title: 'The community platform is unavailable',
        text: 'It does not answer at the moment. This usually passes within a minute.',
      };
    case 'UPSTREAM_TIMEOUT':
      return { title: 'The community platform is too slow', text: 'It did not answer in time.' };
    case 'RATE_LIMITED':
      return { title: 'Too many requests', text: 'The community platform asks you to slow down.' };
    case 'OVERLOADED':
      return { title: 'You have many requests waiting', text: 'Let some of them finish first.' };
    case 'UPSTREAM_BAD_RESPONSE':
      return {
        title: 'The answer makes no sense',
        text: 'The community platform sent something that can’t be read.',
      };
    case 'PERSISTED_DOCUMENT_REQUIRED':
    case 'PERSISTED_QUERY_NOT_FOUND':
      return {
        title: 'This page is not known to the service',
        text: 'Its operations are not in the manifest of trusted documents. Reload the page.',
      };
    default:
      return { title: 'Something went wrong', text: 'It is our mistake, and it has been noted.' };
  }
}

/** The REST API answers 401 to both; only the session tells an expired token from a caller who is no member. */
function unauthenticated({ expiresAt }: Caller): Pick<Explanation, 'title' | 'text'> {
  return expiresAt.getTime() <= Date.now()
    ? { title: 'Your session has expired', text: 'Sign in again to see the members.' }
    : {
        title: 'You are not a member',
        text: 'Your account is fine, but it does not belong to this community.',
      };
}
