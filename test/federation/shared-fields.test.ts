import { readFileSync } from 'node:fs';
import type { GraphQLResolverMap } from '@apollo/subgraph';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type GatewayName, gatewayNames, startGateway } from '../../examples/federation/gateways/gateway.ts';
import { startSubgraph } from '../../examples/federation/start-subgraph.ts';
import { communityId, getOf, userId } from '../support/demo.ts';
import { startLayer } from '../support/layer.ts';
import { ask } from './ask.ts';
import { composers } from './composers.ts';

const published = readFileSync(new URL('../../docs/subgraph.graphql', import.meta.url), 'utf8');

/** The published schema after the one change that a subgraph with a copy of `email` may need. */
const emailShareable = published
  .replace('import: [', 'import: ["@shareable", ')
  .replace(/^ {2}email: String$/m, '  email: String @shareable');

const link = (directives: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: [${directives}])`;

/** Another subgraph, with an `email` of its own for each user; every way to say so in federation is one of these. */
const directory = {
  requires: `${link('"@key", "@external", "@requires"')}
    extend type CommunityUser @key(fields: "communityId userId") {
      communityId: ID! @external
      userId: ID! @external
      email: String @external
      emailDomain: String @requires(fields: "email")
    }`,
  override: `${link('"@key", "@override"')}
    type CommunityUser @key(fields: "communityId userId") {
      communityId: ID!
      userId: ID!
      email: String @override(from: "community-users")
    }`,
  provides: `${link('"@key", "@external", "@provides"')}
    extend type Query { invited: CommunityUser @provides(fields: "email") }
    type CommunityUser @key(fields: "communityId userId") {
      communityId: ID!
      userId: ID!
      email: String @external
    }`,
  shareable: `${link('"@key", "@shareable"')}
    extend type Query { invited: CommunityUser }
    type CommunityUser @key(fields: "communityId userId") {
      communityId: ID!
      userId: ID!
      email: String @shareable
    }`,
  copy: `${link('"@key"')}
    type CommunityUser @key(fields: "communityId userId") { communityId: ID! userId: ID! email: String }`,
};

type Way = keyof typeof directory;

const resolvers: GraphQLResolverMap = {
  Query: { invited: () => ({ communityId, userId: userId(), email: 'copy@example.org' }) },
  CommunityUser: {
    __resolveReference: (user: object) => ({ email: 'copy@example.org', ...user }),
    emailDomain: ({ email }: { email: string | null }) => email?.split('@')[1] ?? null,
  },
};

describe.each(composers)("%s's composition and a copy of a field", (name, compose) => {
  const errorsOf = (users: string, way: Way) =>
    compose([
      { name: 'community-users', url: 'http://users.example', sdl: users },
      { name: 'directory', url: 'http://directory.example', sdl: directory[way] },
    ]).errors;

  test.each<Way>(['requires', 'override'])('@%s needs no change here', (way) => {
    expect(errorsOf(published, way)).toEqual([]);
  });

  test('@provides needs @shareable here, for Apollo alone', () => {
    expect(errorsOf(published, 'provides')).toHaveLength(name === 'Apollo' ? 1 : 0);
    expect(errorsOf(emailShareable, 'provides')).toEqual([]);
  });

  test('@shareable needs @shareable here', () => {
    expect(errorsOf(published, 'shareable')).toHaveLength(1);
    expect(errorsOf(emailShareable, 'shareable')).toEqual([]);
  });

  test('a copy that says nothing is refused', () => {
    expect(errorsOf(published, 'copy')).toHaveLength(1);
    expect(errorsOf(emailShareable, 'copy')).toHaveLength(1);
  });
});

describe.each(gatewayNames)('behind the %s gateway', (gateway) => {
  test('a field that @requires the email costs its flag, and no more', async () => {
    const graph = await start(gateway, 'requires');
    expect(await graph.ask(user('emailDomain'))).toEqual({
      data: { communityUser: { emailDomain: 'example.com' } },
    });
    expect(graph.requests).toEqual([getOf(userId(), 'email')]);
  });

  test('a field that @requires a withheld email gets a null for it', async () => {
    const graph = await start(gateway, 'requires');
    expect(await graph.ask(user('emailDomain'), { token: 'demo-member' })).toEqual({
      data: { communityUser: { emailDomain: null } },
    });
  });
});

// Mercurius knows these directives of Federation 2 not at all.
describe.each(gatewayNames.filter((name) => name !== 'mercurius'))('behind the %s gateway', (gateway) => {
  test('an email that another subgraph took over with @override costs nothing here', async () => {
    const graph = await start(gateway, 'override');
    expect(await graph.ask(user('username email'))).toEqual({
      data: { communityUser: { username: 'admin', email: 'copy@example.org' } },
    });
    expect(graph.requests).toEqual([getOf(userId(), 'username')]);
  });

  test.each<Way>(['provides', 'shareable'])(
    'an email that another subgraph hands out with @%s costs nothing here',
    async (way) => {
      const graph = await start(gateway, way, emailShareable);
      expect(await graph.ask('{ invited { username email } }')).toEqual({
        data: { invited: { username: 'admin', email: 'copy@example.org' } },
      });
      expect(graph.requests).toEqual([getOf(userId(), 'username')]);
    },
  );
});

const user = (selection: string) =>
  `{ communityUser(communityId: "${communityId}", userId: "${userId()}") { ${selection} } }`;

/** The layer and the directory behind a gateway. */
async function start(gateway: GatewayName, way: Way, usersSdl = published) {
  const layer = await startLayer();
  const other = await startSubgraph(directory[way], resolvers, 0);
  onTestFinished(() => other.stop());
  const subgraphs = [
    { name: 'community-users', url: `${layer.url}/graphql`, sdl: usersSdl },
    { name: 'directory', url: other.url, sdl: directory[way] },
  ];
  const { url, stop } = await startGateway(gateway, subgraphs, 0);
  onTestFinished(stop);
  return {
    ask: (query: string, options?: Parameters<typeof ask>[2]) => ask(url, query, options),
    get requests() {
      return layer.requests;
    },
  };
}
