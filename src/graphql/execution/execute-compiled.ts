import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import type { GraphQLContext } from '../context.ts';
import { formatError } from '../errors.ts';
import type { CompiledOperation } from './compiled-operations.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What an execution gave: its data, and its errors as the answer is to show them. */
export interface Executed {
  data: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/** Executes a compiled operation; undefined where its variables are refused, which graphql-js says in its own words. */
export async function executeCompiled(
  { query }: CompiledOperation,
  context: GraphQLContext,
  variables: Variables,
): Promise<Executed | undefined> {
  if (hasLongList(variables)) return undefined;
  const { data, errors }: ExecutionResult = await query(undefined, context, variables);
  if (data === undefined) return undefined;
  if (errors === undefined) return { data };
  context.operation.failed(errors);
  return { data, errors: errors.map(formatError) };
}

const LONG = 1000;

/**
 * Whether a list is longer than any that is answered. Compiled code describes each item that is wrong, be they tens of
 * thousands; graphql-js ends after fifty.
 */
function hasLongList(variables: Variables): boolean {
  for (const name in variables) {
    const value = variables[name];
    if (Array.isArray(value) && value.length > LONG) return true;
  }
  return false;
}
