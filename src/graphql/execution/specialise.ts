import { type ASTNode, type DocumentNode, Kind, type OperationDefinitionNode, visit } from 'graphql';
import { conditionOf, type Directed, isExcluded } from '../selection/conditions.ts';

/** Values of the variables that conditions of an operation depend on. */
export type Conditions = ReadonlyMap<string, boolean>;

/** The variables that any `@skip` or `@include` of a document depends on, each once. */
export function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node) {
      const condition = conditionOf(node);
      if (condition?.kind === Kind.VARIABLE) names.add(condition.name.value);
    },
  });
  return [...names];
}

/**
 * The operation as it executes under these conditions: what is skipped is gone, and so are the directives that said so.
 * Other operations of the document are left out.
 */
export function specialise(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  conditions: Conditions,
): DocumentNode {
  const read = (variable: string) => conditions.get(variable);
  const prune = (node: ASTNode & Directed) => {
    const { directives = [] } = node;
    if (directives.length === 0) return undefined;
    if (isExcluded(node, read)) return null;
    const others = directives.filter((directive) => conditionOf(directive) === undefined);
    return others.length === directives.length ? undefined : { ...node, directives: others };
  };
  const definitions = document.definitions.filter(
    (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition === operation,
  );
  return visit(
    { ...document, definitions },
    { Field: { enter: prune }, InlineFragment: { enter: prune }, FragmentSpread: { enter: prune } },
  );
}
