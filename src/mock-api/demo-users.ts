import { type CommunityUser, generateUserWithId } from './generate-users.ts';
import type { Behavior } from './resource.ts';

/** A user of the first community for whom the API does something other than answer at once. */
export interface DemoUser {
  readonly id: string;
  /** What the API does, in a few words for a list. */
  readonly what: string;
  /** Undefined where the user does not exist. */
  readonly behavior: Behavior | undefined;
  /** Ordinary, so that nothing but the behavior is special. */
  readonly data: CommunityUser;
}

/** One user for each thing that can happen to a request. */
export const demoUsers: readonly DemoUser[] = [
  demoUser(0xf001, 'takes 2 s', { delayMs: 2000 }),
  demoUser(0xf002, 'is absent (404)'),
  demoUser(0xf003, 'fails (500)', { statusCode: 500 }),
  demoUser(0xf004, 'fails twice (503), then is answered', { statusCode: 503, failures: 2 }),
  demoUser(0xf005, 'is forbidden (403)', { statusCode: 403 }),
  demoUser(0xf006, 'is rate limited (429, Retry-After: 2)', { statusCode: 429, retryAfterSeconds: 2 }),
  demoUser(0xf007, 'has a broken answer (truncated JSON)', { truncated: true }),
];

function demoUser(idEnd: number, what: string, behavior?: Behavior): DemoUser {
  const data = generateUserWithId(idEnd);
  return { id: data._id, what, behavior, data };
}
