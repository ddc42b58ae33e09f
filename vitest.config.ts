import { defineConfig } from 'vitest/config';

/** Gateways, linters, schema validators and Playwright make code from strings. What they are tested with may do so as well. */
const WITH_TOOLS = ['test/browser/**', 'test/deploy/**', 'test/federation/**'];

export default defineConfig({
  test: {
    // Node runs the tests as it runs the service. Through Vite's module runner there would be two copies of graphql,
    // and `instanceof GraphQLError` false across them.
    experimental: { viteModuleRunner: false },
    // Real servers on a machine that may be busy: limits that only something hanging reaches.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { shuffle: true },
    // Most of them wait for servers: two at a time, also where Vitest would count one core alone as free.
    maxWorkers: 2,
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
