import { GraphQLError } from 'graphql';
import { isTokenLimitError } from './token-limit-error.ts';

/** A document asks for more than one document may. */
export class LimitError extends GraphQLError {}

/** Introspection that goes in a circle; fields that would take too long to compare with each other. */
const GRAPHQLS_OWN: ReadonlySet<string> = new Set([
  'Maximum introspection depth exceeded',
  'Validation aborted.',
]);

/**
 * Whether a document was refused because of a limit, be it one of ours or of graphql's own. The latter have nothing but
 * their message to tell them from other errors.
 */
export function isLimitError(error: GraphQLError): boolean {
  return (
    error instanceof LimitError ||
    error.originalError instanceof LimitError ||
    GRAPHQLS_OWN.has(error.message) ||
    isTokenLimitError(error)
  );
}
