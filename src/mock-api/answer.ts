import { type CommunityUser, userFields } from './community-user.ts';
import { type Account, demoTokens, findUser } from './data.ts';

type Field = (typeof userFields)[number];

/** What the API says to one request; `data` goes with 200 alone. */
export type Answer = {
  readonly statusCode: number;
  readonly message: string;
  readonly data?: Partial<Record<Field, CommunityUser[Field]>>;
};

const badRequest: Answer = { statusCode: 400, message: 'Bad Request' };
const unauthorized: Answer = { statusCode: 401, message: 'Unauthorized' };
const notFound: Answer = { statusCode: 404, message: 'Record Not Found' };
const methodNotAllowed: Answer = { statusCode: 405, message: 'Method Not Allowed' };

const route = /^\/apis\/v1\/communities\/([^/]*)\/users\/([^/]*)$/;
const knownFlags: ReadonlySet<string> = new Set(userFields);
const protectedFields: ReadonlySet<Field> = new Set<Field>(['email', 'lastLogin']);

/**
 * "Community Users · Get user" of the REST API. Takes the method, the URL exactly as it stands in the request line
 * and the Authorization header; never throws.
 */
export function answer(method: string, url: string, authorization: string | undefined): Answer {
  // Cut by hand: `new URL` would resolve `..` and repair escapes, and hide what the client really sent.
  const queryStart = url.indexOf('?');
  const match = route.exec(queryStart === -1 ? url : url.slice(0, queryStart));
  if (!match) return notFound;
  if (method !== 'GET') return methodNotAllowed;

  const communityId = decodeSegment(match[1]);
  const userId = decodeSegment(match[2]);
  if (!communityId || !userId) return badRequest;

  // An unknown community is 401 too: nobody is a member of it, and a 404 would tell strangers which ones exist.
  const caller = authenticate(authorization);
  const role = caller?.roles.get(communityId);
  if (!caller || !role) return unauthorized;

  const flags = queryStart === -1 ? [] : parseFlags(url.slice(queryStart + 1));
  if (!flags) return badRequest;

  const user = findUser(communityId, userId);
  if (!user) return notFound;

  const seesAll = role !== 'COMMUNITY_MEMBER' || caller.userId === userId;
  const data: Partial<Record<Field, CommunityUser[Field]>> = {};
  for (const field of userFields) {
    const selected = flags.length === 0 || flags.includes(field);
    if (selected && (seesAll || !protectedFields.has(field))) data[field] = user[field];
  }
  return { statusCode: 200, message: 'Get user success.', data };
}

function decodeSegment(segment = ''): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function authenticate(authorization = ''): Account | undefined {
  // The scheme's name is case-insensitive (RFC 9110, section 11.1).
  return demoTokens.get(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
}

/**
 * The flags of a query, or undefined if it is not made of known, bare, distinct names. The real API may well be more
 * lenient; being strict here shows a caller's mistake.
 */
function parseFlags(query: string): readonly string[] | undefined {
  if (query === '') return [];
  const flags = query.split('&');
  const valid = flags.every((flag) => knownFlags.has(flag)) && new Set(flags).size === flags.length;
  return valid ? flags : undefined;
}
