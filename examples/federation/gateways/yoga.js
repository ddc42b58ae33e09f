// JavaScript, with its types beside it: see hive.js.
import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation';
import { createYoga } from 'graphql-yoga';
import { composeSupergraph } from '../compose.ts';
import { PASSED_HEADERS } from './passed-headers.ts';
import { serve } from './serve.ts';

/** @type {import('../graph.ts').StartGateway} */
export async function startYogaGateway(subgraphs, port) {
  const schema = getStitchedSchemaFromSupergraphSdl({
    supergraphSdl: composeSupergraph(subgraphs),
    httpExecutorOpts: {
      headers({ context }) {
        const names = PASSED_HEADERS.filter((name) => context.request.headers.has(name));
        return Object.fromEntries(names.map((name) => [name, context.request.headers.get(name)]));
      },
    },
  });
  return serve(createYoga({ schema, logging: 'error' }), port);
}
