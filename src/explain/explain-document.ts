import {
  type DocumentNode,
  GraphQLError,
  Lexer,
  parse,
  Source,
  specifiedRules,
  TokenKind,
  validate,
} from 'graphql';
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
  readonly tokens: number;
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
  const sizes = { source, bytes: Buffer.byteLength(text), tokens: countTokens(text) };
  const tooLarge = documentSizeError(text, limits);
  if (tooLarge !== undefined) return { ...sizes, problems: [describe(tooLarge)], operations: [] };
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { ...sizes, problems: [describe(error)], operations: [] };
  }
  const rules = [...specifiedRules, ...documentRules(limits, true)];
  const problems = validate(context.schema, document, rules).map(describe);
  return { ...sizes, problems, operations: problems.length > 0 ? [] : explainOperations(document, context) };
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

function countTokens(text: string): number {
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  try {
    while (lexer.advance().kind !== TokenKind.EOF) tokens++;
  } catch {
    // What is no token is a problem that the parser describes.
  }
  return tokens;
}

function describe({ message, locations }: GraphQLError): string {
  const [at] = locations ?? [];
  return at === undefined ? message : `${at.line}:${at.column} ${message}`;
}
