// JavaScript, with its types beside it: its packages are there only once install.ts was called.
import mercuriusGateway from '@mercuriusjs/gateway';
import Fastify from 'fastify';
import { passedHeaders } from '../passed-headers.ts';

/** @type {import('../../graph.ts').StartGateway} */
export async function startMercuriusGateway(subgraphs, port) {
  const fastify = Fastify();
  await fastify.register(mercuriusGateway, {
    gateway: {
      // Without `schema` it asks each subgraph for its SDL; `mandatory` makes it refuse to start without one of them.
      services: subgraphs.map(({ name, url }) => ({
        name,
        url,
        mandatory: true,
        rewriteHeaders: (headers) => (headers ? passedHeaders(headers) : {}),
      })),
    },
  });
  return { url: `${await fastify.listen({ host: '127.0.0.1', port })}/graphql`, stop: () => fastify.close() };
}
