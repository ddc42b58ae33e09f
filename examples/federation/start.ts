import { once } from 'node:events';
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { startMockApi } from '#mock-api/start.ts';
import { type GatewayName, gatewayNames, isGatewayName } from './gateways/gateway.ts';
import { type Graph, type Ports, startGraph } from './start-graph.ts';

/** `npm run example:federation`: a federated graph on this machine, until Ctrl+C. */

const help = `npm run example:federation -- [--gateway NAME] [--port NUMBER]

Starts the embedded REST API, three subgraphs and a gateway on 127.0.0.1, until Ctrl+C.

  --gateway   ${gatewayNames.join(', ')}; apollo by default
  --port      where the gateway listens, and the subgraphs on the three ports after it; 4100 by default, as in
              docs/supergraph.yaml; 0 takes free ones`;

const query = `{
  posts(communityId: "61100af5c548eb5c7ebc0001", first: 5) {
    title
    author { displayName isOnline reputation }
    comments { text author { displayName } }
  }
}`;

const { gateway, ports } = readOptions();
for (const port of Object.values(ports)) await refuseTakenPort(port);
// From here on a signal is waited for, so that one that comes while starting ends what was started too.
const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);

await using started = new AsyncDisposableStack();
const restApi = await startMockApi({
  onRequest: ({ method, url }) => console.log(`REST API: ${method} ${url}`),
});
started.defer(() => restApi.stop());
const graph = await startGraph({ gateway, ports, upstreamUrl: restApi.url });
started.defer(() => graph.stop());

console.log(welcome(graph));
await stopped;
console.log('Stopping.');

function readOptions(): { gateway: GatewayName; ports: Ports } {
  try {
    const { values } = parseArgs({
      options: {
        gateway: { type: 'string', default: 'apollo' },
        port: { type: 'string', default: '4100' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    const port = Number(values.port);
    if (!isGatewayName(values.gateway))
      throw new TypeError(`--gateway is one of: ${gatewayNames.join(', ')}.`);
    if (!/^\d+$/.test(values.port) || port > 65_532) throw new TypeError('--port is a number up to 65532.');
    return { gateway: values.gateway, ports: portsFrom(port) };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function portsFrom(port: number): Ports {
  const at = (place: number) => (port === 0 ? 0 : port + place);
  return { gateway: at(0), communityUsers: at(1), posts: at(2), reputation: at(3) };
}

/** Asked beforehand: each server below would say it in a way of its own. */
async function refuseTakenPort(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    fail(`Port ${port} ${reason ? 'is taken' : 'cannot be used'}: choose another one with --port.`);
  }
  await new Promise((resolve) => server.close(resolve));
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

function welcome({ url, subgraphs }: Graph): string {
  const addresses = subgraphs.map(({ name, url }) => `  ${name.padEnd(16)} ${url}`).join('\n');
  const body = JSON.stringify({ query: query.replaceAll(/\s+/g, ' ') });
  return `
  REST API         ${restApi.url}
${addresses}
  gateway          ${url} (${gateway})

Open the gateway in a browser with the header Authorization: Bearer demo-admin, or paste this into another terminal.
Each user who wrote a post or a comment is one GET below:

curl ${url} \\
  -H 'authorization: Bearer demo-admin' -H 'content-type: application/json' \\
  -d '${body}'

The query:

${query}

Ctrl+C stops everything.
`;
}
