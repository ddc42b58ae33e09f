import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { start } from '#http/service.ts';
import { readConfig } from '#process/config.ts';
import { ask } from './ask.ts';

const docs = resolve(import.meta.dirname, '../../docs');
const published = readFileSync(resolve(docs, 'subgraph.graphql'), 'utf8');
const supergraphYaml = readFileSync(resolve(docs, 'supergraph.yaml'), 'utf8');

test('the published schema composes alone, without a hint', () => {
  const { errors, hints } = compose([{ name: 'community-users', url: '', sdl: published }]);
  expect(errors).toBeUndefined();
  expect(hints).toEqual([]);
});

test('the graph of supergraph.yaml composes without an error or a hint', () => {
  const subgraphs = [...supergraphYaml.matchAll(subgraphEntry)].map(({ groups = {} }) => ({
    name: groups.name ?? '',
    url: groups.url ?? '',
    sdl: readFileSync(resolve(docs, groups.file ?? ''), 'utf8'),
  }));
  expect(subgraphs.map(({ name }) => name)).toEqual(['community-users', 'posts', 'reputation']);
  const { errors, hints } = compose(subgraphs);
  expect(errors).toBeUndefined();
  expect(hints).toEqual([]);
});

test('what a running layer says of itself composes to the same as what is published', async () => {
  const layer = await start(readConfig({ PORT: '0', UPSTREAM_URL: 'http://127.0.0.1:1' }));
  await using _ = { [Symbol.asyncDispose]: () => layer.stop() };
  // A registry has no token.
  const { data } = await ask<{ _service: { sdl: string } }>(`${layer.url}/graphql`, '{ _service { sdl } }', {
    token: null,
  });
  const [running, file] = [data?._service.sdl ?? '', published].map((sdl) =>
    compose([{ name: 'a', url: '', sdl }]),
  );
  expect(running?.supergraphSdl).toBe(file?.supergraphSdl);
});

const subgraphEntry =
  /^ {2}(?<name>[\w-]+):\n {4}routing_url: (?<url>\S+)\n {4}schema:\n {6}file: (?<file>\S+)$/gm;

function compose(subgraphs: readonly { name: string; url: string; sdl: string }[]) {
  const { errors, hints, supergraphSdl } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  return { errors, hints, supergraphSdl };
}
