import { isJsonObject } from '#upstream/protocol/json-object.ts';
import type { GraphQLContext } from '../context.ts';
import { completeResult } from '../operation-listener.ts';
import type { CompiledOperation, CompiledOperations } from './compiled-operations.ts';
import { executeCompiled } from './execute-compiled.ts';

/** A request to execute an operation that is compiled. */
export interface CompiledRequest {
  readonly operation: CompiledOperation;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Whether the body of a POST asks for an operation that Apollo Server has let pass before, and that is compiled: there is
 * nothing left for it to do then. It would take its twenty steps all the same, each a promise of its own: a fifth of what
 * a small request costs. What is in any way unusual is left to it.
 */
export function findCompiled(operations: CompiledOperations, body: unknown): CompiledRequest | undefined {
  if (!isJsonObject(body)) return undefined;
  const { query: text, operationName: name, variables, extensions } = body;
  if (typeof text !== 'string' || !isNullOr(name, isString)) return undefined;
  if (!isNullOr(variables, isJsonObject) || !isNullOr(extensions, isJsonObject)) return undefined;
  if (extensions?.persistedQuery != null) return undefined;
  const operation = operations.findAgain({ text, name: name ?? undefined }, variables ?? {});
  return operation && { operation, variables: variables ?? {} };
}

/** Executes it: the body of the answer as Apollo Server would make it, or undefined where variables are refused. */
export async function answerCompiled(
  { operation, variables }: CompiledRequest,
  context: GraphQLContext,
): Promise<string | undefined> {
  const result = await executeCompiled(operation, context, variables);
  if (result === undefined) return undefined;
  completeResult(result, operation.name, context.operation);
  const { errors, data, extensions } = result;
  return `${JSON.stringify({ errors, data, extensions })}\n`;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isNullOr<T>(value: unknown, is: (value: unknown) => value is T): value is T | null | undefined {
  return value === undefined || value === null || is(value);
}
