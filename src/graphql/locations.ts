import { type ASTNode, type DocumentNode, GraphQLError, type SourceLocation, visit } from 'graphql';

/**
 * Where the nodes of documents stand that are to be executed. For every error, graphql-js would read the document anew from
 * its beginning: with a hundred thousand lines, and an error at each of a thousand places, that took seconds.
 */
const known = new WeakMap<ASTNode, SourceLocation>();

/**
 * Takes down where each node of a document stands, and cuts it off the text and its tokens, which are a linked list of the
 * whole text, comments included. Gives the number of nodes.
 */
export function detachFromText(document: DocumentNode): number {
  let nodes = 0;
  visit(document, {
    enter(node) {
      nodes++;
      if (node.loc === undefined) return;
      const { line, column } = node.loc.startToken;
      known.set(node, { line, column });
      Object.assign<ASTNode, object>(node, { loc: undefined });
    },
  });
  return nodes;
}

/** Where nodes of a detached document stand. */
export function locationsOf(nodes: readonly ASTNode[]): SourceLocation[] {
  return nodes.flatMap((node) => known.get(node) ?? []);
}

/** Where in a document an error of graphql-js's arose, be it detached or not; undefined where it is about none. */
export function locationsOfError(error: unknown): readonly SourceLocation[] | undefined {
  if (!(error instanceof GraphQLError)) return undefined;
  return error.locations ?? (error.nodes && locationsOf(error.nodes));
}
