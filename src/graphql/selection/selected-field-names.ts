import {
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  type InlineFragmentNode,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { SelectionInfo } from './requested-fields.ts';

/** The fields that a selection reads of one object. */
export interface SelectedFieldNames {
  /** Names of fields (not aliases). */
  readonly names: ReadonlySet<string>;
  /** Whether `@skip` or `@include` stood anywhere, so that other variables may select other fields. */
  readonly conditional: boolean;
}

/**
 * The fields of an object of type `typeName` that executing the nodes of `info` selects: the `CollectFields` of the
 * GraphQL specification (§6.3.2), reduced to names.
 */
export function selectedFieldNames(typeName: string, info: SelectionInfo): SelectedFieldNames {
  const names = new Set<string>();
  const visited = new Set<string>();
  let conditional = false;

  function visit({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (isIncluded(selection)) collect(selection);
    }
  }

  function collect(selection: SelectionNode): void {
    switch (selection.kind) {
      case Kind.FIELD:
        names.add(selection.name.value);
        return;
      case Kind.INLINE_FRAGMENT:
        if (applies(selection)) visit(selection.selectionSet);
        return;
      case Kind.FRAGMENT_SPREAD: {
        const fragment = info.fragments[selection.name.value];
        if (fragment === undefined || visited.has(fragment.name.value)) return;
        visited.add(fragment.name.value);
        if (applies(fragment)) visit(fragment.selectionSet);
      }
    }
  }

  function isIncluded(selection: SelectionNode): boolean {
    if (selection.directives === undefined || selection.directives.length === 0) return true;
    conditional = true;
    const skip = getDirectiveValues(GraphQLSkipDirective, selection, info.variableValues);
    const include = getDirectiveValues(GraphQLIncludeDirective, selection, info.variableValues);
    return skip?.if !== true && include?.if !== false;
  }

  /** Whether a type condition holds for the type: it names the type itself, or an abstract type that it belongs to. */
  function applies({ typeCondition }: InlineFragmentNode | FragmentDefinitionNode): boolean {
    if (typeCondition === undefined || typeCondition.name.value === typeName) return true;
    const condition = info.schema.getType(typeCondition.name.value);
    const type = info.schema.getType(typeName);
    return isAbstractType(condition) && isObjectType(type) && info.schema.isSubType(condition, type);
  }

  for (const { selectionSet } of info.fieldNodes) {
    if (selectionSet !== undefined) visit(selectionSet);
  }
  return { names, conditional };
}
