import {
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';

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
  const prune = (node: ASTNode & { readonly directives?: readonly DirectiveNode[] | undefined }) => {
    const { directives = [] } = node;
    if (directives.length === 0) return undefined;
    if (directives.some((directive) => excludes(directive, conditions))) return null;
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

function excludes(directive: DirectiveNode, conditions: Conditions): boolean {
  const condition = conditionOf(directive);
  if (condition === undefined) return false;
  const value =
    condition.kind === Kind.VARIABLE
      ? conditions.get(condition.name.value)
      : condition.kind === Kind.BOOLEAN && condition.value;
  return value === (directive.name.value === 'skip');
}

function conditionOf({ name, arguments: given }: DirectiveNode) {
  if (name.value !== 'skip' && name.value !== 'include') return undefined;
  return given?.find((argument) => argument.name.value === 'if')?.value;
}
