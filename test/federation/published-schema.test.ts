import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startGateway } from '../../examples/federation/gateways/gateway.ts';
import { startLayer } from '../support/layer.ts';
import { ask } from './ask.ts';
import { composers } from './composers.ts';

const docs = resolve(import.meta.dirname, '../../docs');
const published = readFileSync(resolve(docs, 'subgraph.graphql'), 'utf8');
const supergraphYaml = readFileSync(resolve(docs, 'supergraph.yaml'), 'utf8');

test('what a running layer says of itself is what is published, byte for byte', async () => {
  const layer = await startLayer();
  // A registry has no token.
  const { data } = await layer.query('{ _service { sdl } }', { token: null });
  expect(data).toEqual({ _service: { sdl: published } });
});

describe.each(composers)("%s's composition", (name, compose) => {
  test('takes the published schema alone, and has nothing to remark', () => {
    expect(compose([{ name: 'community-users', url: '', sdl: published }])).toEqual({
      errors: [],
      remarks: [],
    });
  });

  test('takes the graph of supergraph.yaml', () => {
    const subgraphs = [...supergraphYaml.matchAll(subgraphEntry)].map(({ groups = {} }) => ({
      name: groups.name ?? '',
      url: groups.url ?? '',
      sdl: readFileSync(resolve(docs, groups.file ?? ''), 'utf8'),
    }));
    expect(subgraphs.map(({ name }) => name)).toEqual(['community-users', 'posts', 'reputation']);
    const { errors, remarks } = compose(subgraphs);
    expect(errors).toEqual([]);
    // WunderGraph's says of the other two that `@external` on the key of an extension is of Federation 1.
    if (name !== 'WunderGraph') expect(remarks).toEqual([]);
  });
});

test('Mercurius loads it from the running layer', async () => {
  const layer = await startLayer();
  const users = { name: 'community-users', url: `${layer.url}/graphql`, sdl: '' };
  const gateway = await startGateway('mercurius', [users], 0);
  onTestFinished(() => gateway.stop());
  const { data } = await ask<{ __schema: { types: { name: string }[] } }>(
    gateway.url,
    '{ __schema { types { name } } }',
  );
  expect(data?.__schema.types.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['CommunityUser', 'Community', 'CommunityUserField', 'DateTime']),
  );
});

const subgraphEntry =
  /^ {2}(?<name>[\w-]+):\n {4}routing_url: (?<url>\S+)\n {4}schema:\n {6}file: (?<file>\S+)$/gm;
