import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { type Failure, FLAGS, type User, WRONG } from './world.ts';

/** What is known of a user without asking for it. */
export interface UserKey {
  readonly __typename: 'CommunityUser';
  readonly communityId: string;
  readonly userId: string;
  readonly community: () => object;
}

/** Finds a user for a place of the answer. */
type FindAt = (user: UserKey, place: string) => unknown;

type Keys = readonly (string | number)[];

interface Arguments {
  readonly communityId: string;
  readonly userId: string;
  readonly userIds: readonly string[];
  readonly representations: readonly unknown[];
}

/**
 * The operation's own fields, written by hand for graphql-js. Their values are functions, which graphql-js calls with the arguments of a field.
 */
export function root(sdl: string, findAt: FindAt): object {
  const user = (communityId: string, userId: string, path: Keys) => {
    const key = { communityId: identifier(communityId), userId: identifier(userId) };
    return findAt(
      { __typename: 'CommunityUser', ...key, community: () => community(communityId) },
      JSON.stringify(path),
    );
  };
  const users = (communityId: string, userIds: readonly string[], path: Keys) =>
    userIds.map((userId, index) => orError(() => user(communityId, userId, [...path, index])));
  const community = (id: string) => ({
    __typename: 'Community',
    id: identifier(id),
    user: ({ userId }: Arguments, _: unknown, info: GraphQLResolveInfo) => user(id, userId, pathOf(info)),
    users: ({ userIds }: Arguments, _: unknown, info: GraphQLResolveInfo) => users(id, userIds, pathOf(info)),
  });
  const entity = (representation: unknown, path: Keys) => {
    const given = Object(representation);
    if (given.__typename === 'Community') return community(representedId(given.id));
    if (given.__typename !== 'CommunityUser') throw failed(BAD_INPUT);
    return user(representedId(given.communityId), representedId(given.userId), path);
  };
  return {
    communityUser: ({ communityId, userId }: Arguments, _: unknown, info: GraphQLResolveInfo) =>
      user(communityId, userId, pathOf(info)),
    communityUsers: ({ communityId, userIds }: Arguments, _: unknown, info: GraphQLResolveInfo) =>
      users(communityId, userIds, pathOf(info)),
    _entities: ({ representations }: Arguments, _: unknown, info: GraphQLResolveInfo) =>
      representations.map((item, index) => orError(() => entity(item, [...pathOf(info), index]))),
    _service: { sdl },
  };
}

function pathOf({ path }: GraphQLResolveInfo): Keys {
  const keys: (string | number)[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = path; at !== undefined; at = at.prev)
    keys.unshift(at.key);
  return keys;
}

/** An error that is an item of a list stands for that item alone. */
function orError(resolve: () => unknown): unknown {
  try {
    return resolve();
  } catch (error) {
    return error;
  }
}

export const BAD_INPUT: Failure = { code: 'BAD_USER_INPUT', retryable: false };

function identifier(id: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw failed(BAD_INPUT);
  return id;
}

function representedId(id: unknown): string {
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) throw failed(BAD_INPUT);
  return String(id);
}

export function failed(failure: Failure): GraphQLError {
  return new GraphQLError('', { extensions: { ...failure } });
}

/** A user who is there and has every field. It takes down which ones are read. */
export function recordReads(user: UserKey, read: Set<string>): object {
  const isWithheld = ({ field }: { readonly field: string }) => {
    read.add(field);
    return false;
  };
  return new Proxy(
    { ...user, isWithheld },
    {
      get(target, name, receiver) {
        if (FLAGS.includes(String(name))) read.add(String(name));
        return Reflect.get(target, name, receiver);
      },
    },
  );
}

/** A user as the REST API has it. */
export function resolvedUser(key: UserKey, user: User): object | null {
  if (user.status === 404) return null;
  if (user.status !== 200) throw failed(user.failure);
  const { fields } = user;
  const answers = Object.entries(fields).map(([name, { answer }]) => [
    name,
    answer === WRONG ? throwWrong : answer,
  ]);
  const isWithheld = ({ field }: { readonly field: string }) => fields[field] === undefined;
  return { ...Object.fromEntries(answers), ...key, isWithheld };
}

function throwWrong(): never {
  throw failed(WRONG);
}
