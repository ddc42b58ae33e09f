import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { OVER_LIMIT } from './compare.ts';
import { generatedOperation } from './operations.ts';
import { startPipeline } from './pipeline.ts';
import { ScriptedReader } from './scripted-reader.ts';

const OPERATIONS = Number(process.env.GENERATED_OPERATIONS ?? 1500) / 5;

test('an operation that is traced for a router has the data, errors and GETs that it has untraced', async () => {
  const [plain, traced] = [await startPipeline(), await startPipeline({ traced: true })];
  onTestFinished(plain.stop);
  onTestFinished(traced.stop);
  await fc.assert(
    fc.asyncProperty(generatedOperation, async ({ query, executions: [variables], ...sent }) => {
      const body = JSON.stringify({ query, variables });
      const [plainApi, tracedApi] = [new ScriptedReader('together'), new ScriptedReader('together')];
      const expected = await plain.answer({ ...sent, body }, plainApi);
      fc.pre(!OVER_LIMIT.test(expected.body));
      const reply = await traced.answer({ ...sent, body }, tracedApi);
      expect(traced.unexpected).toEqual([]);
      expect(reply.status).toBe(expected.status);
      expect(comparable(reply.body)).toEqual(comparable(expected.body));
      expect(sorted(tracedApi.waves)).toEqual(sorted(plainApi.waves));
    }),
    { numRuns: OPERATIONS, seed: 20_231_201 },
  );
}, 600_000);

/** An answer without its trace; graphql-js has errors in the order in which they come up. */
function comparable(body: string) {
  const { data, errors = [] } = JSON.parse(body);
  return {
    data: JSON.stringify(data),
    errors: errors.map((error: unknown) => JSON.stringify(error)).toSorted(),
  };
}

function sorted(waves: readonly (readonly string[])[]): string[][] {
  return waves.map((urls) => urls.toSorted());
}
