import { STATUS_CODES } from 'node:http';
import { demoTokens } from './data.ts';
import type { Behavior, MockResource } from './resource.ts';

/** What the API says to one request; `data` goes with 200 alone. */
export type Answer = {
  readonly statusCode: number;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
  /** How the answer is sent where the item is a special one. */
  readonly behavior?: Behavior | undefined;
};

/**
 * Makes the function that answers for these resources, by the URL exactly as it stands in the request line. It never
 * throws, and remembers nothing but whose turn it is to meet a failure.
 */
export function answerFrom(resources: readonly MockResource[]) {
  const routes = resources.map(toRoute);
  return (method: string, url: string, authorization: string | undefined): Answer => {
    // Cut by hand: `new URL` would resolve `..` and repair escapes, and hide what the client really sent.
    const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
    for (const route of routes) {
      const match = route.pattern.exec(path);
      if (!match) continue;
      if (method !== 'GET') return refusal(405);
      return get(route, match.slice(1).map(decodeSegment), query, authorization);
    }
    return refusal(404);
  };
}

/** The answer of a status other than 200. */
function refusal(statusCode: number, behavior?: Behavior): Answer {
  return { statusCode, message: MESSAGES[statusCode] ?? 'Error', behavior };
}

/** The REST API's documentation has words of its own for two. */
const MESSAGES: typeof STATUS_CODES = { ...STATUS_CODES, 404: 'Record Not Found', 500: 'Server Error' };

type Route = ReturnType<typeof toRoute>;

function toRoute(resource: MockResource) {
  const literals = resource.path.split(/\{\w+\}/).map(RegExp.escape);
  return {
    resource,
    pattern: new RegExp(`^${literals.join('([^/]*)')}$`),
    parameters: Array.from(resource.path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name),
    fields: [...new Set(resource.items.flatMap(({ data }) => Object.keys(data)))],
    items: new Map(resource.items.map((item) => [JSON.stringify(item.key), item])),
    /** How many failures in a row a token met at an item. */
    failures: new Map<string, number>(),
  };
}

function get(
  { resource, parameters, fields, items, failures }: Route,
  key: readonly (string | undefined)[],
  query: string,
  authorization = '',
): Answer {
  if (!key.every(Boolean)) return refusal(400);

  // An unknown community is 401 too: nobody is a member of it, and a 404 would tell strangers which ones exist.
  const caller = authenticate(authorization);
  const communityId = key[parameters.indexOf('communityId')];
  const role = caller?.roles.get(communityId ?? '') ?? 'COMMUNITY_MEMBER';
  if (!caller || (communityId !== undefined && !caller.roles.has(communityId))) return refusal(401);

  const flags = parseFlags(query, fields);
  if (!flags) return refusal(400);

  const id = JSON.stringify(key);
  const item = items.get(id);
  if (!item) return refusal(404);
  const { behavior } = item;
  if (behavior?.statusCode !== undefined) {
    const { statusCode, failures: most = Infinity } = behavior;
    const met = failures.get(authorization + id) ?? 0;
    failures.set(authorization + id, met < most ? met + 1 : 0);
    if (met < most) return refusal(statusCode, behavior);
  }

  const seesAll = role !== 'COMMUNITY_MEMBER' || caller.userId === key[parameters.indexOf('userId')];
  const visible = seesAll ? flags : flags.filter((field) => !resource.protectedFields.includes(field));
  const data = Object.fromEntries(visible.map((field) => [field, item.data[field]]));
  return { statusCode: 200, message: resource.message, data, behavior };
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function authenticate(authorization: string) {
  // The scheme's name is case-insensitive (RFC 9110, section 11.1).
  const account = demoTokens.get(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
  return account?.expired ? undefined : account;
}

/**
 * The fields that a query asks for, in their order, all where it has no flag; undefined if it is not made of known, bare,
 * distinct names. The real API may well be more lenient; being strict here shows a caller's mistake.
 */
function parseFlags(query: string, fields: readonly string[]): readonly string[] | undefined {
  if (query === '') return fields;
  const flags = query.split('&');
  const selected = fields.filter((field) => flags.includes(field));
  return selected.length === flags.length ? selected : undefined;
}
