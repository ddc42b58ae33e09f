import type { GraphQLError } from 'graphql';

/**
 * Whether the error is that of graphql's parser for a document of more than `maxTokens` tokens. It has no code of its
 * own, so the message has to tell it from other syntax errors ("more that" is graphql's own spelling).
 */
export function isTokenLimitError(error: GraphQLError): boolean {
  return /^Syntax Error: Document contains more tha[nt] \d+ tokens\. Parsing aborted\.$/.test(error.message);
}
