import { setImmediate } from 'node:timers/promises';
import {
  buildASTSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FieldDefinitionNode,
  type FieldNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLResolveInfo,
  Kind,
  parse,
  type TypeNode,
  visit,
} from 'graphql';
import { readSdl } from '#graphql/schema.ts';
import { type Failure, FLAGS, findUser, type User, WRONG } from './world.ts';

/** What an operation must answer, and the GETs that it must make. */
export interface Expected {
  /** JSON; undefined where the request is refused. */
  readonly data: string | undefined;
  /** In the order of the answer. A message is there where graphql-js made it. */
  readonly errors: readonly ExpectedError[];
  /** The URLs that are asked for together, in order, for each wave. */
  readonly waves: readonly (readonly string[])[];
}

export interface ExpectedError extends Omit<GraphQLFormattedError, 'message'> {
  readonly message: string | undefined;
}

/**
 * Says what an operation must answer: graphql-js executes it twice, with resolvers that are written by hand and know
 * nothing of plans. The first execution finds every user, so as to see which of their fields are read at which place; the
 * second one has the users as they are, and waits for them as for a REST API that answers all GETs of a wave at once.
 */
export async function expectedAnswer(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  hasToken: boolean,
): Promise<Expected> {
  const reads = new Map<string, ReadonlySet<string>>();
  const order = execute({
    schema: LENIENT,
    document: visit(document, { Field: withoutIntrospection }),
    variableValues: variables,
    rootValue: root((user, place) => {
      const read = new Set<string>();
      reads.set(place, read);
      return recordReads(user, read);
    }),
  });
  if (order instanceof Promise) throw new TypeError('Recording is synchronous');

  const api = new WaveApi();
  const result = await execute({
    schema: STRICT,
    document,
    variableValues: variables,
    rootValue: root((user, place) => {
      if (!hasToken) throw failed({ code: 'UNAUTHENTICATED', retryable: false });
      return api.load(user, reads.get(place) ?? new Set());
    }),
  });
  await api.idle();
  return {
    data: 'data' in result ? JSON.stringify(result.data) : undefined,
    errors: inOrderOf(order.data, result),
    waves: api.waves,
  };
}

const FEDERATION = `
  scalar _Any
  union _Entity = CommunityUser | Community
  type _Service { sdl: String! }
  extend type Query { _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }
`;

const sdl = readSdl();
const definitions = parse(sdl + FEDERATION);
/** The schema as it is. */
export const STRICT = buildASTSchema(definitions, { assumeValidSDL: true });

/** The schema with fields that can all be null, so that no error keeps other fields from being read. */
const LENIENT = buildASTSchema(
  visit(definitions, {
    FieldDefinition: (field): FieldDefinitionNode => ({ ...field, type: nullable(field.type) }),
  }),
  { assumeValidSDL: true },
);

function nullable(type: TypeNode): TypeNode {
  if (type.kind === Kind.NON_NULL_TYPE) return nullable(type.type);
  return type.kind === Kind.LIST_TYPE ? { ...type, type: nullable(type.type) } : type;
}

/** Introspection has fields that must not be null in any schema; `__typename` takes its place. */
function withoutIntrospection(field: FieldNode): FieldNode | undefined {
  const { name, alias = name } = field;
  if (name.value !== '__schema' && name.value !== '__type') return undefined;
  return {
    kind: Kind.FIELD,
    alias,
    name: { ...name, value: '__typename' },
    directives: field.directives ?? [],
  };
}

/** What is known of a user without asking for it. */
interface UserKey {
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

/** The operation's own fields. Their values are functions, which graphql-js calls with the arguments of a field. */
function root(findAt: FindAt): object {
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

const BAD_INPUT: Failure = { code: 'BAD_USER_INPUT', retryable: false };

function identifier(id: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw failed(BAD_INPUT);
  return id;
}

function representedId(id: unknown): string {
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) throw failed(BAD_INPUT);
  return String(id);
}

function failed(failure: Failure): GraphQLError {
  return new GraphQLError('', { extensions: { ...failure } });
}

/** A user who is there and has every field. It takes down which ones are read. */
function recordReads(user: UserKey, read: Set<string>): object {
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
function resolvedUser(key: UserKey, user: User): object | null {
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

/** A REST API in memory that lets everybody come who can, and then answers all at once. */
class WaveApi {
  readonly waves: string[][] = [];
  /** The fields that were asked for, by user. */
  readonly #asked = new Map<string, Set<string>>();
  #wanted = new Map<string, Set<string>>();
  #wave: Promise<void> | undefined;

  async load(key: UserKey, fields: ReadonlySet<string>): Promise<object | null> {
    const { communityId, userId } = key;
    const user = findUser(communityId, userId) ?? { status: 404 };
    const path = `/apis/v1/communities/${communityId}/users/${userId}`;
    const asked = this.#asked.get(path);
    if (asked === undefined || (user.status === 200 && !fields.isSubsetOf(asked))) {
      this.#wanted.set(path, fields.union(this.#wanted.get(path) ?? new Set()));
      this.#wave ??= setImmediate().then(() => this.#answer());
      await this.#wave;
    }
    return resolvedUser(key, user);
  }

  async idle(): Promise<void> {
    while (this.#wave !== undefined) await this.#wave;
  }

  #answer(): void {
    const gets: string[] = [];
    for (const [path, wanted] of this.#wanted) {
      const asked = this.#asked.get(path);
      const missing = FLAGS.filter((flag) => wanted.has(flag) && !asked?.has(flag));
      if (missing.length === 0) missing.push('_id');
      this.#asked.set(path, new Set([...(asked ?? []), ...missing]));
      gets.push(`${path}?${missing.join('&')}`);
    }
    this.waves.push(gets.toSorted());
    this.#wanted = new Map();
    this.#wave = undefined;
  }
}

/** Sorts errors by their places in an answer in which nothing is missing: depth first. */
function inOrderOf(complete: ExecutionResult['data'], { errors = [] }: ExecutionResult): ExpectedError[] {
  const places = errors.map((error) => ({ error, place: placeOf(complete, error.path ?? []) }));
  places.sort((one, other) => {
    const depth = one.place.findIndex((index, at) => index !== other.place[at]);
    return depth === -1
      ? one.place.length - other.place.length
      : (one.place[depth] ?? 0) - (other.place[depth] ?? -1);
  });
  return places.map(({ error: { message, locations, path, extensions } }) => ({
    ...(locations !== undefined && { locations }),
    ...(path !== undefined && { path }),
    message: message === '' ? undefined : message,
    extensions: 'code' in extensions ? extensions : { ...BAD_INPUT },
  }));
}

function placeOf(complete: ExecutionResult['data'], path: Keys): number[] {
  let at: unknown = complete;
  return path.map((key) => {
    const index = typeof key === 'number' ? key : Object.keys(Object(at)).indexOf(key);
    at = Object(at)[key];
    return index;
  });
}
