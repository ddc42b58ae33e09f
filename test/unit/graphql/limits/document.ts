import { buildSchema, parse, specifiedRules, validate } from 'graphql';
import type { QueryLimits } from '#graphql/limits/limits.ts';
import { documentRules } from '#graphql/limits/rules.ts';

export const schema = buildSchema(`
  type Query { user(userId: ID): User, users(userIds: [ID!]): [User], node: Node }
  interface Node { id: ID }
  type User implements Node { id: ID, email: String, username: String, community: Community }
  type Community { id: ID, user(userId: ID): User }
`);

export const defaults: QueryLimits = {
  maxBytes: 102_400,
  maxDirectives: 200,
  maxTokens: 4000,
  maxDepth: 10,
  maxAliases: 100,
};

/** The messages with which the limits alone refuse the document. */
export function refusals(source: string, limits: Partial<QueryLimits> = {}): string[] {
  const rules = documentRules({ ...defaults, ...limits }, true);
  return validate(schema, parse(source), rules).map((error) => error.message);
}

/** The messages of graphql's own rules and of the limits, as a server runs them. */
export function errors(source: string, limits: Partial<QueryLimits> = {}): string[] {
  const rules = [...specifiedRules, ...documentRules({ ...defaults, ...limits }, true)];
  return validate(schema, parse(source), rules).map((error) => error.message);
}

/** `count` pieces of a document, each made from its number. */
export function times(count: number, piece: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join(' ');
}
