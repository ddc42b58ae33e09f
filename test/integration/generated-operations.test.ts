import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startLayer } from '../support/layer.ts';
import { expectedGets } from '../support/operations/expected-gets.ts';
import { generatedOperation } from '../support/operations/generate.ts';
import { startRestApi } from '../support/rest-api.ts';

const OPERATIONS = 1000;
/** The first time graphql-js executes an operation; from the second time on it is executed as compiled code. */
const TIMES = 3;

test('a thousand generated operations make exactly the GETs of what they read, and answer alike each time', async () => {
  const restApi = await startRestApi();
  const layer = await startLayer({
    restApi,
    env: { MAX_QUERY_TOKENS: '100000', MAX_QUERY_DEPTH: '100', MAX_QUERY_ALIASES: '10000' },
  });
  await fc.assert(
    fc.asyncProperty(generatedOperation, async (operation) => {
      const { query, variables } = operation;
      const expected = (await expectedGets(operation)).toSorted();
      let first: unknown;
      for (let time = 0; time < TIMES; time++) {
        restApi.requests.splice(0);
        const { data, errors, status } = await layer.query(query, { variables, token: 'demo-both' });
        // Some have more directives than the layer takes.
        fc.pre(status === 200);
        expect(layer.requests.toSorted()).toEqual(expected);
        const answer = { data, places: errors?.map(({ path }) => JSON.stringify(path)).toSorted() };
        if (time === 0) first = answer;
        else expect(answer).toEqual(first);
      }
    }),
    { numRuns: OPERATIONS, seed: 20_231_201 },
  );
});
