import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { nullAbove, type ToldError } from './check-errors.ts';
import { OVER_LIMIT } from './compare.ts';
import { generatedOperation } from './operations.ts';
import { startPipeline } from './pipeline.ts';
import { ScriptedReader } from './scripted-reader.ts';

const OPERATIONS = Number(process.env.GENERATED_OPERATIONS ?? 500) / 5;

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
      const [answer, wanted] = [comparable(reply.body), comparable(expected.body)];
      expect(answer).toEqual(wanted);
      if (wanted.below.length === 0) expect(sorted(tracedApi.waves)).toEqual(sorted(plainApi.waves));
    }),
    { numRuns: OPERATIONS, seed: 20_231_201 },
  );
}, 600_000);

/**
 * An answer without its trace; graphql-js has errors in the order in which they come up. Of what is below a null, only
 * which null it is: resolvers that wait where the plan need not go on with what stands beside it.
 */
function comparable(body: string) {
  const { data, errors = [] } = JSON.parse(body);
  const isBelow = ({ path }: ToldError) => nullAbove(data, path) !== undefined;
  const below = errors.filter(isBelow).map(({ path }: ToldError) => nullAbove(data, path));
  const told = errors.filter((error: ToldError) => !isBelow(error));
  return {
    data: JSON.stringify(data),
    errors: told.map((error: unknown) => JSON.stringify(error)).toSorted(),
    below: [...new Set(below)].toSorted(),
  };
}

function sorted(waves: readonly (readonly string[])[]): string[][] {
  return waves.map((urls) => urls.toSorted());
}
