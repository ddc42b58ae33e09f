import type { QueryLimits } from '#graphql/limits/limits.ts';
import type { ExplainedDocument, ExplainedOperation, ExplainedVariant } from './explain-document.ts';

/** What is explained, as lines for people. */
export function toText(documents: readonly ExplainedDocument[], limits: QueryLimits): string {
  const lines = documents.flatMap((document) => documentLines(document, limits));
  const refused = documents.filter(({ problems }) => problems.length > 0).length;
  const summary = `${documents.length} ${documents.length === 1 ? 'document' : 'documents'}, ${refused} refused`;
  return `${lines.join('\n')}\n${summary}\n`;
}

function documentLines(document: ExplainedDocument, limits: QueryLimits): string[] {
  const { source, problems, operations } = document;
  if (problems.length > 0) return [source, ...problems.map((problem) => `  refused: ${problem}`), ''];
  return operations.flatMap((operation) => [
    `${source}  ${operation.name ?? '(no name)'}`,
    ...operation.variants.flatMap(variantLines),
    `  ${sizes(document, operation, limits)}`,
    '',
  ]);
}

function variantLines({ when, calls }: ExplainedVariant): string[] {
  const conditions = Object.entries(when).map(([name, value]) => `$${name} = ${value}`);
  const lines = calls.map(({ request, times }) => `  ${[request, ...times].join('  × ')}`);
  return [
    ...(conditions.length === 0 ? [] : [`  when ${conditions.join(', ')}`]),
    ...(lines.length === 0 ? ['  no GET'] : lines),
  ];
}

function sizes(document: ExplainedDocument, operation: ExplainedOperation, limits: QueryLimits): string {
  return [
    `depth ${operation.depth}/${limits.maxDepth}`,
    `aliases ${operation.aliases}/${limits.maxAliases}`,
    `directives ${operation.directives}/${limits.maxDirectives}`,
    `tokens ${document.tokens}/${limits.maxTokens}`,
    `bytes ${document.bytes}/${limits.maxBytes}`,
    `fields ${operation.fields}`,
  ].join(', ');
}
