import type { GraphQLRequestListener } from '@apollo/server';
import type { GraphQLContext } from '../context.ts';
import type { CompiledOperations } from './compiled-operations.ts';
import { executeCompiled } from './execute-compiled.ts';

/**
 * Executes operations that come again as compiled code, through the hook that Apollo Server has for answering without
 * its executor. All others, and those whose variables are refused, are left to graphql-js.
 */
export function executionListener(
  operations: CompiledOperations,
): Pick<GraphQLRequestListener<GraphQLContext>, 'responseForOperation'> {
  return {
    async responseForOperation({ source = '', document, operation, request, contextValue, response }) {
      // Whatever its type says: where the request names no operation of the document, there is none.
      if (operation === undefined) return null;
      const { operationName: name, variables = {} } = request;
      const compiled = operations.find({ text: source, name, document, operation }, variables);
      const singleResult = compiled && (await executeCompiled(compiled, contextValue, variables));
      return singleResult ? { http: response.http, body: { kind: 'single', singleResult } } : null;
    },
  };
}
