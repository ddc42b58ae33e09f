import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { gatewayConfig } from '../../deploy/compose/gateway.config.ts';
import { readYaml, repository } from './manifests.ts';

interface Service {
  readonly ports: readonly string[];
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
}

const { services } = readYaml<{ services: Record<string, Service> }>('deploy/compose.yaml');
const deploy = join(repository, 'deploy');

test('what is mounted exists', () => {
  const mounted = Object.values(services).flatMap(({ volumes = [] }) => volumes);
  expect(mounted).toHaveLength(6);
  for (const volume of mounted) expect(existsSync(join(deploy, volume.split(':')[0] ?? ''))).toBe(true);
});

test('nothing listens for other machines', () => {
  for (const { ports } of Object.values(services)) {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  }
});

test('the service can write no file of its image', () => {
  expect(services['community-users']?.read_only).toBe(true);
});

// Where the schema changed on purpose: npm test -- test/deploy/compose.test.ts -u
test('the gateway runs what the published schema composes to', async () => {
  const sdl = readFileSync(join(repository, 'docs/subgraph.graphql'), 'utf8');
  const url = 'http://community-users:4000/graphql';
  const { supergraphSdl } = composeServices([{ name: 'community-users', url, typeDefs: parse(sdl) }]);
  await expect(supergraphSdl).toMatchFileSnapshot(join(deploy, 'compose/generated/supergraph.graphql'));
});

test('the gateway hands on the token and the request id, and no other header', () => {
  const headers = { Authorization: 'Bearer t', 'X-Request-Id': 'r', Cookie: 'c' };
  const request = new Request('http://127.0.0.1/graphql', { headers });
  expect(gatewayConfig.propagateHeaders.fromClientToSubgraphs({ request })).toEqual({
    authorization: 'Bearer t',
    'x-request-id': 'r',
  });
});
