import { globSync, readFileSync, statSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { parseManifest } from '#graphql/documents/manifest.ts';
import { entities } from '#graphql/entities/index.ts';
import type { QueryLimits } from '#graphql/limits/limits.ts';
import { createSchema, readSdl } from '#graphql/schema.ts';
import { StartError } from '#graphql/start-error.ts';
import { ConfigError, readConfig } from '#process/config.ts';
import {
  type ExplainedDocument,
  type ExplainedOperation,
  type ExplainedVariant,
  explainDocument,
} from './explain-document.ts';

const HELP = `npm run explain -- [--json] <files or globs>

Prints for each operation the REST calls that it causes, as URL templates with how many times each, and its size against
the limits. Reads .graphql files, manifests of trusted documents (.json: client-preset's and Apollo's), and standard
input (-). Needs no server, no token and no network.

  --json   prints JSON
  --help   prints this

The limits are those of the environment: MAX_QUERY_BYTES, MAX_QUERY_TOKENS, MAX_QUERY_DEPTH, MAX_QUERY_ALIASES,
MAX_QUERY_DIRECTIVES. Exit code: 0, 1 where a document would be refused, 2 where nothing could be explained.
`;

/** Explains what the arguments name; gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (positionals.length === 0)
    throw new SourceError('Name files, globs or "-" to explain; --help says more.');
  const { limits } = readConfig({ ...process.env, NODE_ENV: '' });
  const context = createSchema(readSdl(), entities);
  const sources = (await Promise.all(positionals.map(readSources))).flat();
  const documents = sources.map(([source, document]) => explainDocument(source, document, context, limits));
  process.stdout.write(
    values.json ? `${JSON.stringify({ limits, documents }, null, 2)}\n` : toText(documents, limits),
  );
  return documents.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

/** Nothing can be explained: the message says why. */
class SourceError extends Error {}

/** Reads what an argument names: documents, and where each stands. */
async function readSources(pattern: string): Promise<(readonly [source: string, document: string])[]> {
  if (pattern === '-') return documentsOf('standard input', await text(process.stdin));
  // A glob may match folders beside files.
  const files = globSync(pattern)
    .filter((file) => file === pattern || !statSync(file, { throwIfNoEntry: false })?.isDirectory())
    .sort();
  if (files.length === 0) throw new SourceError(`No file matches ${JSON.stringify(pattern)}.`);
  return files.flatMap((file) => documentsOf(file, readFile(file)));
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SourceError(`${file} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** A manifest is JSON, and a document of GraphQL never is. */
function documentsOf(source: string, content: string): (readonly [string, string])[] {
  if (!source.endsWith('.json') && !/^\s*\{\s*(?:"|\}\s*$)/.test(content)) return [[source, content]];
  return [...parseManifest(content, source)].map(([id, document]) => [`${source}#${id}`, document]);
}

/** What is explained, as lines for people. */
function toText(documents: readonly ExplainedDocument[], limits: QueryLimits): string {
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

// Who has read enough, such as `head`, closes the pipe.
process.stdout.on('error', () => process.exit());

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isPlain =
    [SourceError, StartError, ConfigError].some((kind) => error instanceof kind) ||
    (error instanceof TypeError && 'code' in error);
  process.stderr.write(`${error instanceof Error ? (isPlain ? error.message : error.stack) : error}\n`);
  process.exitCode = 2;
}
