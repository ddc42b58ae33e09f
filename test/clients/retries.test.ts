import { expect, test } from 'vitest';
import { startLayer } from '../support/layer.ts';
import { envelope, type RestApi, sendJson, startRestApi } from '../support/rest-api.ts';
import { Pasted } from './pasted.ts';

const QUERY = '{ communityUser(communityId: "c", userId: "u") { communityId userId displayName } }';

const PROGRAMS = {
  fetch: `
    import { request } from './request.js';
    console.log((await request({ query: '${QUERY}' }, 'token')).data.communityUser.displayName);`,
  'Apollo Client': `
    import { gql } from '@apollo/client';
    import { createClient } from './apollo-client.js';
    const { data } = await createClient('token').query({ query: gql('${QUERY}') });
    console.log(data.communityUser.displayName);`,
  urql: `
    import { createClient } from './urql-client.js';
    const { data } = await createClient('token').query('${QUERY}', {});
    console.log(data.communityUser.displayName);`,
};

test('fetch, Apollo Client and urql ask again once Retry-After is over', async () => {
  const asked = Object.entries(PROGRAMS).map(async ([name, program]) => {
    const { restApi, times } = await limitedOnce();
    expect(await run(program, restApi), name).toBe('Ada\n');
    expect(times, name).toHaveLength(2);
    // Timers may end a little early by the other clock.
    expect((times[1] ?? 0) - (times[0] ?? 0), name).toBeGreaterThan(900);
  });
  await Promise.all(asked);
});

/** Runs a program with the files of the page beside it, over a service that does not retry by itself. */
async function run(program: string, restApi: RestApi): Promise<string> {
  const layer = await startLayer({ restApi, env: { UPSTREAM_ATTEMPTS: '1' } });
  const pasted = await Pasted.create();
  await pasted.pointTo(layer.url);
  await pasted.run('node', 'schema-json.js');
  await pasted.write('program.js', program);
  return pasted.run('node', 'program.js');
}

/** A REST API that answers its first request with 429, and when its requests came. */
async function limitedOnce(): Promise<{ restApi: RestApi; times: number[] }> {
  const times: number[] = [];
  const restApi = await startRestApi((_request, response) => {
    times.push(performance.now());
    if (times.length === 1) sendJson(response, 429, {}, { 'retry-after': '1' });
    else sendJson(response, 200, envelope({ displayName: 'Ada' }));
  });
  return { restApi, times };
}
