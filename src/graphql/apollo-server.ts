import { createRequire } from 'node:module';
import type * as Apollo from '@apollo/server';

/**
 * Apollo Server, as CommonJS: Node takes 30 ms longer to find and link its ES modules, which with those that they import
 * are 200 files.
 */
export const { ApolloServer, HeaderMap }: typeof Apollo = createRequire(import.meta.url)('@apollo/server');
