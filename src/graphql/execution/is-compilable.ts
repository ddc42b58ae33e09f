import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';

/**
 * Whether graphql-jit 0.8 makes of a document what graphql-js does. It goes wrong, as read in its source, with
 * - strings that hold its own marks for special values, which it replaces by code: they would let a client run its own;
 * - `__proto__` as an alias or a variable, which it takes for the prototype;
 * - variables inside of a scalar's object literal, which it leaves out, and nullable ones inside of a list, whose null it
 *   lets through;
 * - response names with underscores that make two paths look the same (`a_b { c }`, `b { c_a }`), where it gives both
 *   resolvers the `info` of one of them, and so the wrong selection.
 *
 * Introspection is left out since nothing is gained there.
 */
export function isCompilable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  const responseNames = new Set<string>();
  let compilable = true;
  const refuseWhere = (condition: boolean) => {
    if (!condition) return undefined;
    compilable = false;
    return BREAK;
  };
  visit(document, {
    Name: ({ value }) => refuseWhere(isMisread(value)),
    StringValue: ({ value }) => refuseWhere(isMisread(value)),
    EnumValue: ({ value }) => refuseWhere(isMisread(value)),
    Variable: ({ name }, _key, _parent, _path, ancestors) =>
      refuseWhere(
        isInside(Kind.OBJECT, ancestors) ||
          (isInside(Kind.LIST, ancestors) && isNullable(operation, name.value)),
      ),
    Field({ name, alias, selectionSet }) {
      if (selectionSet !== undefined) responseNames.add(alias?.value ?? name.value);
      return refuseWhere(name.value === '__schema' || name.value === '__type');
    },
  });
  return compilable && !someAreAmbiguous(responseNames, schema);
}

function isMisread(text: string): boolean {
  return text === '__proto__' || text.includes('__MAGIC_');
}

function isInside(
  kind: Kind.OBJECT | Kind.LIST,
  ancestors: readonly (ASTNode | readonly ASTNode[])[],
): boolean {
  return ancestors.some((ancestor) => 'kind' in ancestor && ancestor.kind === kind);
}

function isNullable({ variableDefinitions = [] }: OperationDefinitionNode, name: string): boolean {
  const definition = variableDefinitions.find(({ variable }) => variable.name.value === name);
  return definition?.type.kind !== Kind.NON_NULL_TYPE;
}

/**
 * graphql-jit names a path by its parts with underscores between them: response names, types of a union, and `idx0` …
 * for lists. Two paths can only get the same name where one part, an underscore behind it, begins another part.
 */
function someAreAmbiguous(responseNames: ReadonlySet<string>, schema: GraphQLSchema): boolean {
  const isPart = (text: string) =>
    responseNames.has(text) || schema.getType(text) !== undefined || /^idx\d+$/.test(text);
  for (const name of responseNames) {
    for (let end = name.indexOf('_'); end !== -1; end = name.indexOf('_', end + 1)) {
      if (isPart(name.slice(0, end))) return true;
    }
  }
  return false;
}
