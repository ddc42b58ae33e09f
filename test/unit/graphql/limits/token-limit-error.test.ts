import { GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { isTokenLimitError } from '#graphql/limits/limits.ts';

function parseError(source: string, maxTokens: number): GraphQLError {
  try {
    parse(source, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
  throw new Error('The document was parsed.');
}

describe('isTokenLimitError', () => {
  it('knows the error of the installed parser for a document of too many tokens', () => {
    expect(isTokenLimitError(parseError('{ a b c }', 4))).toBe(true);
    expect(parse('{ a b c }', { maxTokens: 5 }).kind).toBe('Document');
  });

  it.each(['{ a', '{ a "Document contains more that 4 tokens. Parsing aborted." }', ''])(
    'takes no other syntax error for it: %s',
    (source) => {
      expect(isTokenLimitError(parseError(source, 4000))).toBe(false);
    },
  );

  it('takes no other error for it', () => {
    expect(
      isTokenLimitError(new GraphQLError('Document contains more that 4 tokens. Parsing aborted.')),
    ).toBe(false);
  });
});
