import { globSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseManifest } from '#graphql/documents/manifest.ts';

/** A document to explain, and where it stands. */
export interface DocumentSource {
  readonly source: string;
  readonly text: string;
}

/** Nothing can be explained: the message says why. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

/**
 * Reads documents: `.graphql` files, manifests of trusted documents (`.json`), and standard input (`-`).
 * @throws SourceError where a pattern matches no file, or a file can't be read
 * @throws ManifestError
 */
export async function readSources(patterns: readonly string[]): Promise<DocumentSource[]> {
  const sources: DocumentSource[] = [];
  for (const pattern of patterns) {
    if (pattern === '-') sources.push(...documentsOf('standard input', await text(process.stdin)));
    else for (const file of filesOf(pattern)) sources.push(...documentsOf(file, read(file)));
  }
  return sources;
}

function filesOf(pattern: string): string[] {
  const files = globSync(pattern).sort();
  if (files.length === 0) throw new SourceError(`No file matches ${JSON.stringify(pattern)}.`);
  return files;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SourceError(`${file} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** A manifest is JSON, and a document of GraphQL never is. */
function documentsOf(source: string, content: string): DocumentSource[] {
  if (!source.endsWith('.json') && !/^\s*\{\s*(?:"|\}\s*$)/.test(content)) return [{ source, text: content }];
  return [...parseManifest(content, source)].map(([id, document]) => ({
    source: `${source}#${id}`,
    text: document,
  }));
}
