import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** graphql-jit, loaded when an operation comes again for the first time: no process need wait for it to start. */
export function graphqlJit(): typeof import('graphql-jit') {
  return require('graphql-jit');
}
