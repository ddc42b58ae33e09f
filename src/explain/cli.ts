import { globSync, readFileSync, statSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseManifest } from '#graphql/documents/manifest.ts';
import { entities } from '#graphql/entities/index.ts';
import type { QueryLimits } from '#graphql/limits/limits.ts';
import { createSchema, readSdl } from '#graphql/schema.ts';
import { type Command, CommandError, runAsProcess } from '#process/command.ts';
import { readConfig } from '#process/config.ts';
import { type ExplainedDocument, type ExplainedVariant, explainDocument } from './explain-document.ts';

const explain: Command = {
  help: `npm run explain -- [--json] <files or globs>

Prints for each operation the REST calls that it causes, as URL templates with how many times each, and its size against
the limits. Reads .graphql files, manifests of trusted documents (.json: client-preset's and Apollo's), and standard
input (-). Needs no server, no token and no network.

  --json   prints JSON
  --help   prints this

The limits are those of the environment: MAX_QUERY_BYTES, MAX_QUERY_TOKENS, MAX_QUERY_DEPTH, MAX_QUERY_ALIASES,
MAX_QUERY_DIRECTIVES. Exit code: 0, 1 where a document would be refused, 2 where nothing could be explained.
`,
  async run({ positionals }) {
    if (positionals.length === 0)
      throw new CommandError('Name files, globs or "-" to explain; --help says more.');
    const { limits } = readConfig({ ...process.env, NODE_ENV: '' });
    const context = createSchema(readSdl(), entities);
    const sources = (await Promise.all(positionals.map(readSources))).flat();
    const documents = sources.map(([source, content]) => explainDocument(source, content, context, limits));
    const refused = documents.filter(({ problems }) => problems.length > 0).length;
    const summary = `${documents.length} ${documents.length === 1 ? 'document' : 'documents'}, ${refused} refused`;
    const lines = documents.flatMap((document) => linesOf(document, limits));
    return {
      holds: refused === 0,
      report: { limits, documents },
      text: `${[...lines, summary].join('\n')}\n`,
    };
  },
};

/** Reads what an argument names: documents, and where each stands. */
async function readSources(pattern: string): Promise<(readonly [source: string, document: string])[]> {
  if (pattern === '-') return documentsOf('standard input', await text(process.stdin));
  // A glob may match folders beside files.
  const isWanted = (file: string) =>
    file === pattern || !statSync(file, { throwIfNoEntry: false })?.isDirectory();
  const files = globSync(pattern).filter(isWanted).sort();
  if (files.length === 0) throw new CommandError(`No file matches ${JSON.stringify(pattern)}.`);
  return files.flatMap((file) => documentsOf(file, readFile(file)));
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** A manifest is JSON, and a document of GraphQL never is. */
function documentsOf(source: string, content: string): (readonly [string, string])[] {
  if (!source.endsWith('.json') && !/^\s*\{\s*(?:"|\}\s*$)/.test(content)) return [[source, content]];
  return Array.from(parseManifest(content, source), ([id, document]) => [`${source}#${id}`, document]);
}

/** What is explained of a document, as lines for people. */
function linesOf(
  { source, problems, operations, ...sizes }: ExplainedDocument,
  limits: QueryLimits,
): string[] {
  if (problems.length > 0) return [source, ...problems.map((problem) => `  refused: ${problem}`), ''];
  return operations.flatMap(({ name = '(no name)', variants, depth, aliases, directives, fields }) => [
    `${source}  ${name}`,
    ...variants.flatMap(variantLines),
    `  depth ${depth}/${limits.maxDepth}, aliases ${aliases}/${limits.maxAliases}, ` +
      `directives ${directives}/${limits.maxDirectives}, tokens ${sizes.tokens}/${limits.maxTokens}, ` +
      `bytes ${sizes.bytes}/${limits.maxBytes}, fields ${fields}`,
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

await runAsProcess(explain);
