import { readdirSync, readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { concatAST, type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { Community } from './community/resolvers.ts';
import { Query } from './community-user/resolvers.ts';
import { entitiesResolver, entityType } from './entities.ts';
import type { Resolvers } from './generated/resolvers.ts';

const FOLDER = new URL('../../schema/', import.meta.url);

/** The SDL of the subgraph: the files of `schema/`, in the order of their names. */
export function readTypeDefs(): DocumentNode {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.graphql'));
  return concatAST(files.sort().map((name) => parse(readFileSync(new URL(name, FOLDER), 'utf8'))));
}

/** The executable schema, federation's `_entities` and `_service` included. */
export function createSchema(): GraphQLSchema {
  const resolvers: Resolvers = { Query, Community };
  const { serialize, parseValue, parseLiteral } = GraphQLDateTime;
  return buildSubgraphSchema([
    {
      typeDefs: readTypeDefs(),
      resolvers: {
        ...resolvers,
        Query: { ...resolvers.Query, _entities: entitiesResolver },
        _Entity: { __resolveType: entityType },
        DateTime: { serialize, parseValue, parseLiteral },
      },
    },
  ]);
}
