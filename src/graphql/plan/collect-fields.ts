import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What of a document, and of the variables that its conditions name, decides which fields are selected. */
export interface SelectionContext {
  readonly schema: GraphQLSchema;
  /** By name. */
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode | undefined>>;
  /** Coerced values of variables; those of `@skip` and `@include` are read. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * The fields that selection sets select of an object of `type`, by response name in the order of the response; the nodes
 * of one response name are one field: `CollectFields` and `CollectSubfields` of the GraphQL specification (§6.3.2).
 * @throws GraphQLError where a condition is null
 */
export function collectFields(
  context: SelectionContext,
  type: GraphQLObjectType,
  selectionSets: Iterable<SelectionSetNode>,
): ReadonlyMap<string, readonly FieldNode[]> {
  const { schema, fragments, variables } = context;
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();

  function collect({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      // As in graphql-js, the conditions of a fragment that is there already are not looked at: one may be null.
      if (selection.kind === Kind.FRAGMENT_SPREAD && visited.has(selection.name.value)) continue;
      if (!isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) addField(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(selection)) collect(selection.selectionSet);
      } else {
        const fragment = fragments[selection.name.value];
        if (fragment === undefined) continue;
        visited.add(fragment.name.value);
        if (applies(fragment)) collect(fragment.selectionSet);
      }
    }
  }

  function addField(node: FieldNode): void {
    const name = node.alias?.value ?? node.name.value;
    const nodes = fields.get(name);
    if (nodes === undefined) fields.set(name, [node]);
    else nodes.push(node);
  }

  function isIncluded(selection: SelectionNode): boolean {
    if (selection.directives === undefined || selection.directives.length === 0) return true;
    if (getDirectiveValues(GraphQLSkipDirective, selection, variables)?.if === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if !== false;
  }

  /** Whether a type condition holds: it names the type itself, or an abstract type that it belongs to. */
  function applies({ typeCondition }: InlineFragmentNode | FragmentDefinitionNode): boolean {
    if (typeCondition === undefined || typeCondition.name.value === type.name) return true;
    const condition = schema.getType(typeCondition.name.value);
    return isAbstractType(condition) && schema.isSubType(condition, type);
  }

  for (const selectionSet of selectionSets) collect(selectionSet);
  return fields;
}
