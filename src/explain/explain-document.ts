import { type DocumentNode, GraphQLError, parse, specifiedRules, validate } from 'graphql';
import { documentSizeError, type QueryLimits } from '#graphql/limits/limits.ts';
import { measureOperations } from '#graphql/limits/measure.ts';
import { documentRules } from '#graphql/limits/rules.ts';
import { prepareOperations } from '#graphql/operations/operation.ts';
import type { PlanContext } from '#graphql/plan/compile.ts';
import { type RestCall, restCalls } from './rest-calls.ts';

/** What one document says: its operations, or why it would be refused. */
export interface ExplainedDocument {
  /** File, or file and id of a manifest. */
  readonly source: string;
  readonly problems: readonly string[];
  readonly bytes: number;
  /** Undefined where it is too large to be parsed, or is no GraphQL. */
  readonly tokens: number | undefined;
  readonly operations: readonly ExplainedOperation[];
}

export interface ExplainedOperation {
  readonly name: string | undefined;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly fields: number;
  /** One for each combination of the conditions in `@skip` and `@include`. */
  readonly variants: readonly ExplainedVariant[];
}

export interface ExplainedVariant {
  /** Values of the variables that conditions name. */
  readonly when: Readonly<Record<string, boolean>>;
  readonly calls: readonly RestCall[];
}

/** With more conditions than this, only "all true" and "all false" are explained. */
const MAX_CONDITIONS = 3;

/** Explains the text of a document without executing it. `source` says where it came from. */
export function explainDocument(
  source: string,
  text: string,
  context: PlanContext,
  limits: QueryLimits,
): ExplainedDocument {
  const bytes = Buffer.byteLength(text);
  const document = documentSizeError(text, limits) ?? parsed(text);
  const isDocument = !(document instanceof GraphQLError);
  const rules = [...specifiedRules, ...documentRules(limits, true)];
  const errors = isDocument ? validate(context.schema, document, rules) : [document];
  const tokens = isDocument ? document.tokenCount : undefined;
  if (!isDocument || errors.length > 0) {
    return { source, problems: errors.map(describe), bytes, tokens, operations: [] };
  }
  const operations = explainOperations(document, context);
  return { source, problems: [], bytes, tokens, operations };
}

function parsed(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return error;
  }
}

function explainOperations(document: DocumentNode, context: PlanContext): ExplainedOperation[] {
  const operations = prepareOperations(context, document);
  return measureOperations(document).map(({ operation, depth, aliases, directives, fields }) => {
    const prepared = operations.get(operation.name?.value);
    if (prepared === undefined) throw new TypeError('An operation was measured, but not prepared');
    const variants = combinations(prepared.conditions).map((when) => {
      const plan = prepared.plan(when);
      if (plan instanceof GraphQLError) throw plan;
      return { when, calls: restCalls(plan) };
    });
    return { name: operation.name?.value, depth, aliases, directives, fields, variants };
  });
}

function combinations(conditions: readonly string[]): Readonly<Record<string, boolean>>[] {
  const all = (value: boolean) => Object.fromEntries(conditions.map((name) => [name, value]));
  if (conditions.length > MAX_CONDITIONS) return [all(true), all(false)];
  const double = (known: Readonly<Record<string, boolean>>[], name: string) =>
    [true, false].flatMap((value) => known.map((when) => ({ ...when, [name]: value })));
  return conditions.reduce(double, [{}]);
}

function describe({ message, locations }: GraphQLError): string {
  const [at] = locations ?? [];
  return at === undefined ? message : `${at.line}:${at.column} ${message}`;
}
