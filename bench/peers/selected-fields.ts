import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/** The names of the fields that a resolver's own selection reads, fragments included, directives ignored. */
export function selectedFields(info: GraphQLResolveInfo): Set<string> {
  const fields = new Set<string>();
  for (const node of info.fieldNodes) collect(node.selectionSet, info, fields);
  return fields;
}

function collect(
  selectionSet: SelectionSetNode | undefined,
  info: GraphQLResolveInfo,
  into: Set<string>,
): void {
  for (const selection of selectionSet?.selections ?? []) {
    if (selection.kind === 'Field') into.add(selection.name.value);
    else if (selection.kind === 'InlineFragment') collect(selection.selectionSet, info, into);
    else collect(info.fragments[selection.name.value]?.selectionSet, info, into);
  }
}
