import {
  type FieldNode,
  type FragmentDefinitionNode,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql';
import { createSchema } from '#graphql/schema.ts';
import type { SelectionInfo } from '#graphql/selection/requested-fields.ts';

const schema = createSchema();

/**
 * What the resolver of `communityUser`, in a valid operation that selects it at the top, is told of the selection below
 * it. Selected twice at the top, it has two nodes.
 */
export function infoOf(query: string, variables: Record<string, unknown> = {}): SelectionInfo {
  const document = parse(query, { noLocation: true });
  const errors = validate(schema, document);
  if (errors.length > 0) throw new AggregateError(errors, errors[0]?.message);
  const fragments: Record<string, FragmentDefinitionNode> = {};
  let operation: OperationDefinitionNode | undefined;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operation = definition;
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  if (operation === undefined) throw new Error('There is no operation');
  const { coerced, errors: refused } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variables,
  );
  if (coerced === undefined) throw new AggregateError(refused ?? []);
  return { schema, fragments, fieldNodes: fieldsOf(operation.selectionSet), variableValues: coerced };
}

/** `infoOf` for these selections of a user, and what comes behind the operation. */
export function infoOfUser(
  selections: string,
  { variables = {}, declarations = '', fragments = '' } = {},
): SelectionInfo {
  const query = `query ${declarations} { communityUser(communityId: "c", userId: "u") { ${selections} } } ${fragments}`;
  return infoOf(query, variables);
}

function fieldsOf({ selections }: SelectionSetNode): FieldNode[] {
  return selections.filter((selection) => selection.kind === Kind.FIELD);
}
