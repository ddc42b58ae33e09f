import { onTestFinished } from 'vitest';
import type { GatewayName } from '../../examples/federation/gateways/gateway.ts';
import type { StoredPost } from '../../examples/federation/posts/posts.ts';
import { startGraph } from '../../examples/federation/start-graph.ts';
import { PATIENT } from '../support/layer.ts';
import type { RestApi } from '../support/rest-api.ts';
import { type Answer, type Ask, ask } from './ask.ts';
import { communityId, type RestApiOptions, startRestApi, userId } from './rest-api.ts';

/** The graph of the example over a REST API that writes down what it is asked. */
export type TestGraph = {
  readonly restApi: RestApi;
  ask<Data = unknown>(query: string, options?: Ask): Promise<Answer<Data>>;
};

export type TestGraphOptions = RestApiOptions & {
  readonly gateway: GatewayName;
  /** Who wrote the posts, one each, by the end of the user's id; left out, the posts are those of the example. */
  readonly authors?: readonly string[];
  /** The posts themselves, where there is more to say of them than that. */
  readonly posts?: readonly StoredPost[] | undefined;
};

/** Starts the graph. It stops by itself at the end of the test that started it. */
export async function startTestGraph({
  gateway,
  authors,
  posts = authors?.map(postBy),
  ...restApiOptions
}: TestGraphOptions): Promise<TestGraph> {
  const restApi = await startRestApi(restApiOptions);
  const graph = await startGraph({
    gateway,
    upstreamUrl: restApi.url,
    env: { ...PATIENT, UPSTREAM_ATTEMPTS: '1' },
    ...(posts && { posts }),
  });
  onTestFinished(graph.stop);
  return { restApi, ask: (query, options) => ask(graph.url, query, options) };
}

function postBy(author: string, index: number): StoredPost {
  return { id: `p${index}`, title: `Post ${index}`, communityId, authorId: userId(author), comments: [] };
}
