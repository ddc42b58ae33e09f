import type { QueryLimits } from '#graphql/limits/limits.ts';
import type { ExplainedDocument, ExplainedOperation, ExplainedVariant } from './explain-document.ts';

/** What is explained, as lines for people. */
export function toText(documents: readonly ExplainedDocument[], limits: QueryLimits): string {
  const lines = documents.flatMap((document) => documentLines(document, limits));
  const refused = documents.filter(({ problems }) => problems.length > 0).length;
  const summary = `${documents.length} ${documents.length === 1 ? 'document' : 'documents'}, ${refused} refused`;
  return `${lines.join('\n')}\n${summary}\n`;
}

function documentLines(
  { source, problems, tokens, bytes, operations }: ExplainedDocument,
  limits: QueryLimits,
): string[] {
  if (problems.length > 0) return [source, ...problems.map((problem) => `  refused: ${problem}`), ''];
  return operations.flatMap((operation) => [
    `${source}  ${operation.name ?? '(no name)'}`,
    ...operation.variants.flatMap((variant) => variantLines(variant)),
    `  ${sizes(operation, tokens, bytes, limits)}`,
    '',
  ]);
}

function variantLines({ when, calls }: ExplainedVariant): string[] {
  const conditions = Object.entries(when).map(([name, value]) => `$${name} = ${value}`);
  const header = conditions.length === 0 ? [] : [`  when ${conditions.join(', ')}`];
  const lines = calls.map(
    ({ request, times }) => `  ${request}${times.map((list) => `  × ${list}`).join('')}`,
  );
  return [...header, ...(lines.length === 0 ? ['  no GET'] : lines)];
}

function sizes(operation: ExplainedOperation, tokens: number, bytes: number, limits: QueryLimits): string {
  const { depth, aliases, directives, fields } = operation;
  return [
    `depth ${depth}/${limits.maxDepth}`,
    `aliases ${aliases}/${limits.maxAliases}`,
    `directives ${directives}/${limits.maxDirectives}`,
    `tokens ${tokens}/${limits.maxTokens}`,
    `bytes ${bytes}/${limits.maxBytes}`,
    `fields ${fields}`,
  ].join(', ');
}
