import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { start } from '#http/service.ts';
import { readConfig } from '#process/config.ts';
import { type GatewayName, startGateway } from './gateways/gateway.ts';
import type { Running, Subgraph } from './graph.ts';
import { demoPosts, type StoredPost } from './posts/posts.ts';
import { postsResolvers } from './posts/resolvers.ts';
import { reputationResolvers } from './reputation/resolvers.ts';
import { startSubgraph } from './start-subgraph.ts';

export type GraphOptions = {
  readonly gateway: GatewayName;
  /** The REST API that the community users are read from. */
  readonly upstreamUrl: string;
  readonly posts?: readonly StoredPost[];
  /** Where everything listens; 0 takes a free port. */
  readonly ports?: Ports;
  /** Settings of the community users' layer, by the names of its environment variables. */
  readonly env?: Readonly<Record<string, string>>;
};

export type Ports = {
  readonly gateway: number;
  readonly communityUsers: number;
  readonly posts: number;
  readonly reputation: number;
};

/** A graph that runs: `url` is the gateway's. */
export type Graph = Running & { readonly subgraphs: readonly Subgraph[] };

const freePorts: Ports = { gateway: 0, communityUsers: 0, posts: 0, reputation: 0 };

/** Starts the three subgraphs, and a gateway that runs what they compose to. Rejects with nothing left running. */
export async function startGraph(options: GraphOptions): Promise<Graph> {
  const { gateway, upstreamUrl, posts = demoPosts, ports = freePorts, env = {} } = options;
  await using started = new AsyncDisposableStack();
  const keep = <T extends Running>(running: T): T => {
    started.defer(() => running.stop());
    return running;
  };

  const communityUsersSdl = readSchema('../../docs/subgraph.graphql');
  const settings = { ...env, PORT: String(ports.communityUsers), UPSTREAM_URL: upstreamUrl };
  const communityUsers = keep(await start(readConfig(settings)));

  const postsSdl = readSchema('posts/schema.graphql');
  const postsSubgraph = keep(await startSubgraph(postsSdl, postsResolvers(posts), ports.posts));

  const reputationSdl = readSchema('reputation/schema.graphql');
  const reputation = keep(await startSubgraph(reputationSdl, reputationResolvers, ports.reputation));

  const subgraphs = [
    { name: 'community-users', url: `${communityUsers.url}/graphql`, sdl: communityUsersSdl },
    { name: 'posts', url: postsSubgraph.url, sdl: postsSdl },
    { name: 'reputation', url: reputation.url, sdl: reputationSdl },
  ];
  const { url } = keep(await startGateway(gateway, subgraphs, ports.gateway));

  const running = started.move();
  return { url, subgraphs, stop: () => running.disposeAsync() };
}

function readSchema(path: string): string {
  return readFileSync(resolve(import.meta.dirname, path), 'utf8');
}
