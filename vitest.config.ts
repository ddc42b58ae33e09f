import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Node runs the tests as it runs the service. Through Vite's module runner there would be two copies of graphql,
    // and `instanceof GraphQLError` false across them.
    experimental: { viteModuleRunner: false },
    // Real servers on a machine that may be busy: limits that only something hanging reaches.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { shuffle: true },
  },
});
