import type { GraphQLRequestListener } from '@apollo/server';
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { GraphQLContext } from '../context.ts';
import { formatError } from '../errors.ts';
import { CompiledOperations } from './compiled-operations.ts';

/**
 * Executes operations that come again as compiled code, through the hook that Apollo Server has for answering without
 * its executor. All others, and those whose variables are refused, are left to graphql-js.
 */
export function executionListener(
  schema: GraphQLSchema,
): Pick<GraphQLRequestListener<GraphQLContext>, 'responseForOperation'> {
  const operations = new CompiledOperations(schema);
  return {
    async responseForOperation({ queryHash, document, operation, request, contextValue, response }) {
      // Whatever its type says: where the request names no operation of the document, there is none.
      if (operation === undefined) return null;
      const { variables = {} } = request;
      if (hasLongList(variables)) return null;
      const execute = operations.find({ documentId: queryHash ?? '', document, operation }, variables);
      if (execute === undefined) return null;
      const result: ExecutionResult = await execute(undefined, contextValue, variables);
      // Without data nothing was executed: variables were refused, which graphql-js says in its own words.
      if (result.data === undefined) return null;
      const singleResult = { data: result.data, ...errorsOf(result.errors, contextValue) };
      return { http: response.http, body: { kind: 'single', singleResult } };
    },
  };
}

const LONG = 1000;

/**
 * Whether a list is longer than any that is answered. Compiled code describes each item that is wrong, be they tens of
 * thousands; graphql-js ends after fifty.
 */
function hasLongList(variables: Readonly<Record<string, unknown>>): boolean {
  for (const name in variables) {
    const value = variables[name];
    if (Array.isArray(value) && value.length > LONG) return true;
  }
  return false;
}

function errorsOf(errors: readonly GraphQLError[] | undefined, { operation }: GraphQLContext) {
  if (errors === undefined) return undefined;
  operation.failed(errors);
  return { errors: errors.map(formatError) };
}
