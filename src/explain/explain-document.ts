import {
  type DocumentNode,
  GraphQLError,
  parse,
  specifiedRules,
  TypeInfo,
  ValidationContext,
  validate,
} from 'graphql';
import { checkDocumentSize } from '#graphql/limits/document-size.ts';
import { limitRules, type QueryLimits } from '#graphql/limits/limits.ts';
import { measureOperations } from '#graphql/limits/measure.ts';
import { supportedOperations } from '#graphql/limits/operation-rules.ts';
import { PreparedOperation } from '#graphql/operations/operation.ts';
import type { PlanContext } from '#graphql/plan/compile.ts';
import { type RestCall, restCalls } from './rest-calls.ts';

/** What one document says: its operations, or why it would be refused. */
export interface ExplainedDocument {
  /** File, or file and id of a manifest. */
  readonly source: string;
  readonly problems: readonly string[];
  readonly bytes: number;
  /** Undefined where it is refused. */
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
  let errors: readonly GraphQLError[];
  try {
    checkDocumentSize(text, limits);
    const document = parse(text);
    const { tokenCount: tokens } = document;
    errors = validate(context.schema, document, [
      ...specifiedRules,
      supportedOperations,
      ...limitRules(limits),
    ]);
    if (errors.length === 0) {
      return { source, problems: [], bytes, tokens, operations: explainOperations(document, context) };
    }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    errors = [error];
  }
  return { source, problems: errors.map(describe), bytes, tokens: undefined, operations: [] };
}

function explainOperations(document: DocumentNode, context: PlanContext): ExplainedOperation[] {
  const validation = new ValidationContext(context.schema, document, new TypeInfo(context.schema), () => {});
  return measureOperations(validation).map(({ operation, depth, aliases, directives, fields }) => {
    const prepared = new PreparedOperation(context, document, operation);
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
