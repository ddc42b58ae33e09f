import { type ASTNode, GraphQLError, Lexer, Source, TokenKind } from 'graphql';

/** The limits on a document. Those on an operation count through fragments. */
export interface QueryLimits {
  /** Bytes of a document's text. */
  readonly maxBytes: number;
  /** Tokens of a document, as its grammar has them. */
  readonly maxTokens: number;
  /** Nested fields: `{ communityUser { email } }` is 2 deep. */
  readonly maxDepth: number;
  /** Aliased fields of one operation. */
  readonly maxAliases: number;
  /** Directives of one operation. */
  readonly maxDirectives: number;
}

/** A document asks for more than one document may. */
export class LimitError extends GraphQLError {
  constructor(message: string, node?: ASTNode) {
    super(message, { nodes: node ?? null, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
  }
}

/** The parser calls itself for each bracket in a bracket: long before it runs out of stack, no document is honest. */
const MAX_BRACKET_DEPTH = 500;

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * What is wrong with the size of a document, as far as it can be known before it is parsed: it has too many bytes or
 * tokens, or nests too deep. A text that is no GraphQL is left to the parser.
 */
export function documentSizeError(
  text: string,
  { maxBytes, maxTokens }: QueryLimits,
): LimitError | undefined {
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) {
    return new LimitError(`The document has more than ${maxBytes} bytes.`);
  }
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let depth = 0;
  try {
    for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
      if (++tokens > maxTokens) return new LimitError(`The document has more than ${maxTokens} tokens.`);
      if (OPENING.has(kind) && ++depth > MAX_BRACKET_DEPTH) {
        return new LimitError(`The document nests brackets more than ${MAX_BRACKET_DEPTH} levels deep.`);
      }
      if (CLOSING.has(kind)) depth--;
    }
  } catch {
    // What is no token is for the parser to describe.
  }
  return undefined;
}

/** graphql-js's own limits: introspection that goes in a circle; fields that would take too long to compare. */
const MESSAGES_OF_GRAPHQL = ['Maximum introspection depth exceeded', 'Validation aborted.'];

/**
 * Whether a document was refused because of a limit, be it one of ours or of graphql-js's own. The latter have nothing but
 * their message to tell them from other errors.
 */
export function isOverLimit(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return false;
  return (
    [error, error.originalError].some((one) => one instanceof LimitError) ||
    MESSAGES_OF_GRAPHQL.includes(error.message)
  );
}
