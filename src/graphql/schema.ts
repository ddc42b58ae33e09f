import { readdirSync, readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, GraphQLID, parse } from 'graphql';
import { checkEntities } from './entities/check-entities.ts';
import type { Entity } from './entities/define-entity.ts';
import { addResolvers } from './entities/resolvers.ts';
import type { PlanContext } from './plan/compile.ts';

const FOLDER = new URL('../../schema/', import.meta.url);

/** The SDL of the subgraph: the files of `schema/` one after the other, in the order of their names. */
export function readSdl(): string {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.graphql'));
  return files
    .sort()
    .map((name) => readFileSync(new URL(name, FOLDER), 'utf8'))
    .join('\n');
}

/**
 * The executable schema, federation's `_entities` and `_service` included, with its entities.
 * @throws StartError where the definitions and the SDL do not fit together
 */
export function createSchema(sdl: string, definitions: readonly Entity[]): PlanContext {
  const entities = new Map(definitions.map((entity) => [entity.type, entity]));
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl) }]);
  checkEntities(schema, definitions);
  const context = { schema, entities };
  addResolvers(context, sdl);
  return context;
}

const parseId = GraphQLID.parseValue;

/**
 * JSON integers are ids, as `ID` has it, but only up to 2⁵³ − 1: beyond, `JSON.parse` has made another one of them.
 * graphql-js has one `ID` for all schemas of a process.
 */
GraphQLID.parseValue = (value) => {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new GraphQLError('ID cannot represent an integer beyond 2^53 - 1: send it as a string.');
  }
  return parseId(value);
};
