import type { GatewayName } from '../../examples/federation/gateways/gateway.ts';
import type { StoredPost } from '../../examples/federation/posts/posts.ts';
import { startGraph } from '../../examples/federation/start-graph.ts';
import { type Answer, type Ask, ask } from './ask.ts';
import { communityId, type RestApi, startRestApi, userId } from './rest-api.ts';

/** The graph of the example over a REST API that writes down what it is asked. */
export type TestGraph = AsyncDisposable & {
  readonly restApi: RestApi;
  ask<Data = unknown>(query: string, options?: Ask): Promise<Answer<Data>>;
};

export type TestGraphOptions = {
  readonly gateway: GatewayName;
  /** Who wrote the posts, one each, by the end of the user's id; left out, the posts are those of the example. */
  readonly authors?: readonly string[];
  /** The posts themselves, where there is more to say of them than that. */
  readonly posts?: readonly StoredPost[];
  /** Ids of users for whom the REST API fails. */
  readonly failsFor?: readonly string[];
  /** How long the REST API takes for each answer. */
  readonly delayMs?: number;
};

export async function startTestGraph({
  gateway,
  authors,
  posts = authors?.map(postBy),
  ...rest
}: TestGraphOptions): Promise<TestGraph> {
  await using started = new AsyncDisposableStack();
  const restApi = started.use(await startRestApi(rest));
  const graph = await startGraph({
    gateway,
    upstreamUrl: restApi.url,
    env: { UPSTREAM_ATTEMPTS: '1' },
    ...(posts && { posts }),
  });
  started.defer(() => graph.stop());
  const running = started.move();
  return {
    restApi,
    ask: (query, options) => ask(graph.url, query, options),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function postBy(author: string, index: number): StoredPost {
  return { id: `p${index}`, title: `Post ${index}`, communityId, authorId: userId(author), comments: [] };
}
