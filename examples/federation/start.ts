import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startMockApi } from '#mock-api/start.ts';
import { type GatewayName, gatewayNames, type Ports, startGraph } from './start-graph.ts';

/** `npm run example:federation`: a federated graph on this machine, until Ctrl+C. */

// The ports that docs/supergraph.yaml names.
const ports: Ports = { gateway: 4100, communityUsers: 4101, posts: 4102, reputation: 4103 };

const query = `{
  posts(communityId: "61100af5c548eb5c7ebc0001", first: 5) {
    title
    author { displayName isOnline reputation }
  }
}`;

const gateway = readGatewayName();
await using started = new AsyncDisposableStack();

const restApi = await startMockApi({
  onRequest: ({ method, url }) => console.log(`REST API: ${method} ${url}`),
});
started.defer(() => restApi.stop());
const graph = await startGraph({ gateway, ports, upstreamUrl: restApi.url });
started.defer(() => graph.stop());

console.log(welcome());
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
console.log('Stopping.');

function readGatewayName(): GatewayName {
  const { values } = parseArgs({ options: { gateway: { type: 'string', default: 'apollo' } } });
  const name = gatewayNames.find((known) => known === values.gateway);
  if (name) return name;
  console.error(`--gateway is one of: ${gatewayNames.join(', ')}.`);
  process.exit(1);
}

function welcome(): string {
  const subgraphs = graph.subgraphs.map(({ name, url }) => `  ${name.padEnd(16)} ${url}`).join('\n');
  const body = JSON.stringify({ query: query.replaceAll(/\s+/g, ' ') });
  return `
  REST API         ${restApi.url}
${subgraphs}
  gateway: ${gateway.padEnd(7)} ${graph.url}

Open the gateway in a browser with the header Authorization: Bearer demo-admin, or paste this into another terminal.
Each author of the posts is one GET below:

curl ${graph.url} \\
  -H 'authorization: Bearer demo-admin' -H 'content-type: application/json' \\
  -d '${body}'

The query:

${query}

Ctrl+C stops everything.
`;
}
