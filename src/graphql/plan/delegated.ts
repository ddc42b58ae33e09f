import { type ExecutionResult, executeSync, type GraphQLSchema } from 'graphql';
import { type Json, pathTo } from './answer.ts';
import type { AnswerBuilder } from './answer-builder.ts';
import type { Values } from './field-arguments.ts';
import type { DelegatedField, Plan } from './plan.ts';

/** Lets graphql-js answer the fields that are its own: introspection, and `_service`. */
export function executeDelegated(
  { delegated }: Plan,
  schema: GraphQLSchema,
  variables: Values,
): ExecutionResult {
  if (delegated === undefined) return {};
  return executeSync({ schema, document: delegated, variableValues: variables });
}

/**
 * A field as graphql-js has answered it, with its errors and those of all that is below it; undefined where it is null and
 * must not be.
 */
export function delegatedJson(
  field: DelegatedField,
  { data, errors = [] }: ExecutionResult,
  answer: AnswerBuilder,
): Json | undefined {
  // It is the last error that makes the whole of graphql-js's answer null.
  const isNull = field.nonNull && !data && errors.at(-1)?.path?.[0] === field.responseName;
  for (const [order, error] of errors.entries()) {
    const [first, ...below] = error.path ?? [];
    if (first !== field.responseName) continue;
    let path = pathTo(field, undefined);
    for (const key of below) path = { above: path, nodes: field.nodes, key, order };
    answer.fail(error, path, isNull);
  }
  if (isNull) return undefined;
  const text = JSON.stringify(data?.[field.responseName] ?? null);
  answer.grow(text.length);
  return text;
}
