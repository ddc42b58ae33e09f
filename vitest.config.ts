import { hash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Gateways, linters, schema validators and Playwright make code from strings. What they are tested with may do so as well. */
const WITH_TOOLS = ['test/browser/**', 'test/deploy/**', 'test/federation/**'];

/** What takes longest. Nothing of it may be left over at the end, when other workers have nothing to do any more. */
const LONGEST = [
  'browser/web-example',
  'federation/example',
  'browser/graphiql',
  'federation/gateway',
  'security/memory',
  'entities/recipe',
  'integration/workers',
  'security/slow-clients',
  'security/tokens',
  'verify/process',
  'verify/deviations',
  'faults/retries',
];

/** The longest files first, then the others in an order that the seed decides; those of one project together. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { seed } = this.ctx.config.sequence;
    return files
      .map((file) => {
        const place = LONGEST.findIndex((name) => file.moduleId.endsWith(`/test/${name}.test.ts`));
        return {
          file,
          project: file.project.name === 'tools' ? 0 : 1,
          place: place === -1 ? LONGEST.length : place,
          drawn: hash('sha1', `${seed} ${file.moduleId}`),
        };
      })
      .sort((a, b) => a.project - b.project || a.place - b.place || (a.drawn < b.drawn ? -1 : 1))
      .map(({ file }) => file);
  }
}

// What Node compiles, and strips of its types, is there for the next process: workers, and services that tests start.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');

export default defineConfig({
  test: {
    // Node runs the tests as it runs the service. Through Vite's module runner there would be two copies of graphql,
    // and `instanceof GraphQLError` false across them.
    experimental: { viteModuleRunner: false },
    // Real servers on a machine that may be busy: limits that only something hanging reaches.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    sequence: { shuffle: { files: false, tests: true }, sequencer: LongestFirst },
    // Most of them wait for servers, deadlines or a browser half of their time: three at a time, on two cores as well.
    maxWorkers: 3,
    // A process for each file would spend most of its time on loading the same modules. Tests clean up after themselves.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'layer',
          include: ['test/**/*.test.ts'],
          exclude: WITH_TOOLS,
          // As `npm start` has it: the layer answers all of this without making code from a string.
          execArgv: [
            '--disallow-code-generation-from-strings',
            `--import=${new URL('test/support/no-code-from-strings.ts', import.meta.url)}`,
          ],
        },
      },
      {
        extends: true,
        test: { name: 'tools', include: WITH_TOOLS.map((folder) => `${folder}/*.test.ts`) },
      },
    ],
  },
});
