import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';
import { readSdl } from '#graphql/schema.ts';
import { findUser } from '#mock-api/data.ts';
import { getOf } from '../demo.ts';
import type { GeneratedOperation } from './to-operation.ts';

/** The flags of the REST API, in the order in which it documents them. */
const FLAGS = [
  '_id',
  'id',
  'avatar',
  'displayName',
  'username',
  'firstName',
  'lastName',
  'email',
  'isOnline',
  'lastLogin',
];

const WELL_FORMED = /^[A-Za-z0-9_-]{1,64}$/;

/** One place of an operation that reads a user. */
interface Site {
  readonly communityId: string;
  readonly userId: string;
  /** How many users had to be there before this one could be asked for. */
  readonly wave: number;
  /** Whether the executor would get here: all users on the way are there. */
  readonly reached: boolean;
  /** The REST fields that were read. */
  readonly read: Set<string>;
}

/** What a `Community` is read from: the site that it belongs to, if it belongs to one. */
interface CommunitySource {
  readonly id: string;
  readonly of?: Site;
}

/**
 * The GETs that an operation should make over the demo data, by a caller who is a member of its communities. It is found
 * out without looking at the selections: graphql-js executes the operation over objects that write down which of their
 * fields are read. In each wave a user then costs one GET of what no earlier wave has asked for.
 */
export async function expectedGets({ query, variables }: GeneratedOperation): Promise<string[]> {
  const sites: Site[] = [];
  const { errors } = await execute({
    schema,
    document: parse(query),
    variableValues: variables,
    contextValue: sites,
  });
  if (errors !== undefined) throw new AggregateError(errors, errors[0]?.message);

  const asked = new Map<string, Set<string>>();
  const gets: string[] = [];
  const reached = sites.filter((site) => site.reached && WELL_FORMED.test(site.userId));
  const lastWave = Math.max(0, ...reached.map(({ wave }) => wave));
  for (let wave = 1; wave <= lastWave; wave++) {
    const wanted = Map.groupBy(
      reached.filter((site) => site.wave === wave),
      ({ communityId, userId }) => `${communityId} ${userId}`,
    );
    for (const [user, of] of wanted) {
      const [communityId = '', userId = ''] = user.split(' ');
      const before = asked.get(user);
      if (before !== undefined && findUser(communityId, userId) === undefined) continue;
      const flags = FLAGS.filter((flag) => of.some(({ read }) => read.has(flag)) && !before?.has(flag));
      // Nothing that costs a field: whether the user exists is to be found out all the same.
      if (flags.length === 0 && before === undefined) flags.push('_id');
      asked.set(user, new Set([...(before ?? []), ...flags]));
      if (flags.length > 0) gets.push(getOf(userId, flags.join('&'), communityId));
    }
  }
  return gets;
}

function visitUser(sites: Site[], { id, of }: CommunitySource, userId: string): Site {
  const reached = of === undefined || (of.reached && findUser(of.communityId, of.userId) !== undefined);
  const site = { communityId: id, userId, wave: (of?.wave ?? 0) + 1, reached, read: new Set<string>() };
  sites.push(site);
  return site;
}

/** Every user is there, whoever it is, so that all of its selection is read. */
const resolvers = {
  Query: {
    communityUser: (_root: unknown, { communityId, userId }: UserKey, sites: Site[]) =>
      visitUser(sites, { id: communityId }, userId),
    communityUsers: (_root: unknown, { communityId, userIds }: UserKeys, sites: Site[]) =>
      userIds.map((userId) => visitUser(sites, { id: communityId }, userId)),
  },
  Community: {
    __resolveReference: ({ id }: CommunitySource) => ({ id }),
    user: (source: CommunitySource, { userId }: UserKey, sites: Site[]) => visitUser(sites, source, userId),
    users: (source: CommunitySource, { userIds }: UserKeys, sites: Site[]) =>
      userIds.map((userId) => visitUser(sites, source, userId)),
  },
  CommunityUser: {
    __resolveReference: ({ communityId, userId }: UserKey, sites: Site[]) =>
      visitUser(sites, { id: communityId }, userId),
    community: (site: Site): CommunitySource => ({ id: site.communityId, of: site }),
    withheldFields: () => [],
    ...Object.fromEntries(FLAGS.map((flag) => [flag, ({ read }: Site) => void read.add(flag)])),
  },
};

interface UserKey {
  readonly communityId: string;
  readonly userId: string;
}

interface UserKeys {
  readonly communityId: string;
  readonly userIds: readonly string[];
}

const schema = buildSubgraphSchema([{ typeDefs: parse(readSdl()), resolvers }]);
