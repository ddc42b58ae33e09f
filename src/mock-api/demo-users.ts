import { type CommunityUser, generateUsers } from './generate-users.ts';
import type { Behavior } from './resource.ts';

/** A user of the first community for whom the API does something other than answer at once. */
export interface DemoUser {
  readonly id: string;
  /** What the API does, in a few words for a list. */
  readonly what: string;
  /** Undefined where the user does not exist. */
  readonly behavior: Behavior | undefined;
}

/** One user for each thing that can happen to a request. */
export const demoUsers: readonly DemoUser[] = [
  { id: '61100af5c548eb5c7ebcf001', what: 'takes 2 s', behavior: { delayMs: 2000 } },
  { id: '61100af5c548eb5c7ebcf002', what: 'is absent (404)', behavior: undefined },
  { id: '61100af5c548eb5c7ebcf003', what: 'fails (500)', behavior: { statusCode: 500 } },
  {
    id: '61100af5c548eb5c7ebcf004',
    what: 'fails twice (503), then is answered',
    behavior: { statusCode: 503, failures: 2 },
  },
  { id: '61100af5c548eb5c7ebcf005', what: 'is forbidden (403)', behavior: { statusCode: 403 } },
  {
    id: '61100af5c548eb5c7ebcf006',
    what: 'is rate limited (429, Retry-After: 2)',
    behavior: { statusCode: 429, retryAfterSeconds: 2 },
  },
  {
    id: '61100af5c548eb5c7ebcf007',
    what: 'has a broken answer (truncated JSON)',
    behavior: { truncated: true },
  },
];

/** The data of a demo user: ordinary, so that nothing but the behavior is special. */
export function demoUserData(id: string): CommunityUser {
  // The number is also what generated ids are made of, counted from the one of the documented example.
  const number = Number.parseInt(id.slice(-4), 16) - 0x7819;
  const [user] = generateUsers(number, number, 1);
  if (user?._id !== id) throw new Error(`No user is generated with the id ${id}.`);
  return user;
}
