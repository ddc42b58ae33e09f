import fc from 'fast-check';
import { onTestFinished, test } from 'vitest';
import { compare } from './compare.ts';
import { generatedOperation } from './operations.ts';
import { startPipeline } from './pipeline.ts';

/** As many as are worth waiting for at every change; more of them before one lands. */
const OPERATIONS = Number(process.env.GENERATED_OPERATIONS ?? 500);

test('generated operations are answered as graphql-js answers them, each time they are executed', async () => {
  const pipeline = await startPipeline();
  onTestFinished(pipeline.stop);
  await fc.assert(
    fc.asyncProperty(generatedOperation, (operation) => compare(pipeline, operation)),
    { numRuns: OPERATIONS, seed: 20_231_201 },
  );
}, 600_000);
