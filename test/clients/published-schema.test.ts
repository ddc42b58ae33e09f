import { readFileSync } from 'node:fs';
import {
  buildASTSchema,
  buildClientSchema,
  type DocumentNode,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  parse,
  printSchema,
  visit,
} from 'graphql';
import { expect, test } from 'vitest';
import { startLayer } from '../support/layer.ts';

const sdl = readFileSync(new URL('../../docs/schema.graphql', import.meta.url), 'utf8');

test('the schema for clients has nothing of federation', () => {
  expect(sdl).not.toMatch(/_service|_entities|_Any|_Entity|@key|@link/);
});

test('the schema for clients describes every type, field, argument and value', () => {
  visit(parse(sdl), {
    enter(node) {
      if (/(?:Type|Field|Value)Definition$/.test(node.kind)) expect(node).toHaveProperty('description.value');
    },
  });
});

test('the schema for clients is what introspection says, but for federation', async () => {
  const layer = await startLayer();
  const { data } = await layer.query(getIntrospectionQuery({ specifiedByUrl: true }));
  const running = parse(printSchema(buildClientSchema(data as IntrospectionQuery)));
  expect(sorted(withoutFederation(running))).toBe(sorted(parse(sdl)));
});

function withoutFederation(document: DocumentNode): DocumentNode {
  return visit(document, {
    enter(node) {
      if (node.kind === 'DirectiveDefinition') return null;
      const name = node.kind.endsWith('Definition') && 'name' in node ? node.name?.value : undefined;
      return name !== undefined && FEDERATION.test(name) ? null : undefined;
    },
  });
}

/** Names of what `@apollo/subgraph` adds to a schema. */
const FEDERATION = /^(?:_Any|_Entity|_Service|_entities|_service|FieldSet|link__\w+|federation__\w+)$/;

function sorted(document: DocumentNode): string {
  return printSchema(lexicographicSortSchema(buildASTSchema(document)));
}
