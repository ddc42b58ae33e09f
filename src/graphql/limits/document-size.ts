import { Lexer, Source, TokenKind } from 'graphql';
import { LimitError } from './limit-error.ts';
import type { QueryLimits } from './limits.ts';

/** The parser calls itself for each bracket in a bracket: long before it runs out of stack, no document is honest. */
const MAX_BRACKET_DEPTH = 500;

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Holds the text of a document against what can be known of it before it is parsed. A text that is no GraphQL is left to
 * the parser.
 * @throws LimitError where it has too many bytes or tokens, or nests too deep
 */
export function checkDocumentSize(text: string, { maxBytes, maxTokens }: QueryLimits): void {
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) {
    throw new LimitError(`The document has more than ${maxBytes} bytes.`);
  }
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let depth = 0;
  try {
    for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
      if (++tokens > maxTokens) throw new LimitError(`The document has more than ${maxTokens} tokens.`);
      if (OPENING.has(kind) && ++depth > MAX_BRACKET_DEPTH) {
        throw new LimitError(`The document nests brackets more than ${MAX_BRACKET_DEPTH} levels deep.`);
      }
      if (CLOSING.has(kind)) depth--;
    }
  } catch (error) {
    if (error instanceof LimitError) throw error;
  }
}
