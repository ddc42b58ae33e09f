import { type ASTNode, GraphQLError } from 'graphql';

/** A document asks for more than one document may. */
export class LimitError extends GraphQLError {
  constructor(message: string, node?: ASTNode) {
    super(message, { nodes: node ?? null, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
  }
}

/** graphql-js's own limits: introspection that goes in a circle; fields that would take too long to compare. */
const MESSAGES_OF_GRAPHQL: ReadonlySet<string> = new Set([
  'Maximum introspection depth exceeded',
  'Validation aborted.',
]);

/**
 * Whether a document was refused because of a limit, be it one of ours or of graphql-js's own. The latter have nothing but
 * their message to tell them from other errors.
 */
export function isLimitError(error: GraphQLError): boolean {
  return (
    error instanceof LimitError ||
    error.originalError instanceof LimitError ||
    MESSAGES_OF_GRAPHQL.has(error.message)
  );
}
