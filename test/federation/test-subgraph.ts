import { startLayer } from '../support/layer.ts';
import { type Ask, ask } from './ask.ts';
import { communityId, gets, startRestApi, userId } from './rest-api.ts';

/** What a gateway sends for a user of the demo community, by the end of the user's id. */
export const userRepresentation = (end: string) => ({
  __typename: 'CommunityUser',
  communityId,
  userId: userId(end),
});

/** What a gateway sends for the demo community. */
export const communityRepresentation = { __typename: 'Community', id: communityId };

// What comes again is prepared already, and must not behave otherwise.
export const times = [
  ['the first time', 0],
  ['the third time', 2],
] as const;

/**
 * The layer alone, as a gateway sees it, over a REST API that writes down what it is asked, until the end of the test. What
 * is asked here is asked `before` times first; `gets` tells of the last time.
 */
export async function startSubgraph({ before, failsFor }: { before: number; failsFor?: readonly string[] }) {
  const restApi = await startRestApi({ failsFor });
  const layer = await startLayer({ restApi, env: { UPSTREAM_ATTEMPTS: '1' } });

  let requestsBefore = 0;
  const askAgain = async (query: string, options?: Ask) => {
    for (let time = 0; time < before; time++) await ask(`${layer.url}/graphql`, query, options);
    requestsBefore = restApi.requests.length;
    return ask(`${layer.url}/graphql`, query, options);
  };
  return {
    ask: askAgain,
    entities: (selection: string, representations: readonly unknown[], options?: Ask) =>
      askAgain(
        `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`,
        { ...options, variables: { representations } },
      ),
    gets: () => gets(restApi.requests.slice(requestsBefore)),
  };
}
