import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { limitRules, type QueryLimits } from './limits/limits.ts';

/** Texts of documents by the SHA-256 of each, in lower-case hexadecimal. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** What a document must be fit for. */
export interface DocumentRules {
  readonly schema: GraphQLSchema;
  readonly limits: QueryLimits;
  readonly introspection: boolean;
}

/** Everything that is wrong with a manifest of trusted documents, a line each. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  constructor(path: string, problems: readonly string[]) {
    const listed = problems.slice(0, MOST_PROBLEMS);
    if (problems.length > listed.length) listed.push(`and ${problems.length - listed.length} more`);
    super(
      `PERSISTED_DOCUMENTS, ${path}, can't be used:\n${listed.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
}

const MOST_PROBLEMS = 20;

/**
 * Reads a manifest of trusted documents as `@graphql-codegen/client-preset` writes it: `{ "sha256:<hash>": "query …" }`,
 * with or without the prefix. Each document has to be what its hash says, and fit to be executed: what would be refused
 * whenever it comes is found at the start.
 * @throws ManifestError that names every problem
 */
export async function readTrustedDocuments(path: string, rules: DocumentRules): Promise<TrustedDocuments> {
  const problems: string[] = [];
  const documents = new Map<string, string>();
  for (const [id, text] of await readEntries(path)) {
    const problem = problemOf(id, text, rules);
    if (problem === undefined) documents.set(hashOfId(id), String(text));
    else problems.push(`${quote(id)}: ${problem}`);
  }
  if (problems.length > 0) throw new ManifestError(path, problems);
  return documents;
}

/** The SHA-256 of a document's text, in lower-case hexadecimal. */
export function hashOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The hash that an id holds: ids are hashes, with or without `sha256:` before them (GraphQL over HTTP, appendix A). */
export function hashOfId(id: string): string {
  return id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id;
}

const PREFIX = 'sha256:';

async function readEntries(path: string): Promise<[id: string, text: unknown][]> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new ManifestError(path, [error instanceof Error ? error.message : String(error)]);
  }
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) {
    throw new ManifestError(path, ['it is not a JSON object of the form { "<sha256>": "query …" }']);
  }
  return Object.entries(manifest);
}

function problemOf(id: string, text: unknown, { schema, limits, introspection }: DocumentRules) {
  if (!/^[0-9a-f]{64}$/.test(hashOfId(id))) {
    return 'is no SHA-256 in lower-case hexadecimal (client-preset: hashAlgorithm "sha256")';
  }
  if (typeof text !== 'string') return 'is not the text of a document';
  if (hashOfText(text) !== hashOfId(id)) return 'is not the SHA-256 of its text';
  try {
    const document = parse(text, { maxTokens: limits.maxTokens });
    const rules = [...specifiedRules, ...limitRules(limits)];
    if (!introspection) rules.push(NoSchemaIntrospectionCustomRule);
    return validate(schema, document, rules)[0]?.message;
  } catch (error) {
    if (error instanceof GraphQLError) return error.message;
    throw error;
  }
}

/** Short, since a key may be anything. */
function quote(id: string): string {
  return JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}…` : id);
}
