import { readFile } from 'node:fs/promises';
import { isJsonObject } from '#upstream/protocol/json-object.ts';
import { StartError } from '../start-error.ts';

/** Texts of documents by their ids. */
export type Manifest = ReadonlyMap<string, string>;

/**
 * Reads a manifest of trusted documents, as `@graphql-codegen/client-preset` writes it (`{ "<id>": "query …" }`) or as
 * Apollo's `@apollo/generate-persisted-query-manifest` does. An id is whatever the manifest says.
 * @throws StartError
 */
export async function readManifest(path: string): Promise<Manifest> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw manifestError(path, [error.message]);
  });
  return parseManifest(text, path);
}

/**
 * Reads the text of a manifest; `path` is for messages.
 * @throws StartError
 */
export function parseManifest(text: string, path: string): Manifest {
  const problems: string[] = [];
  const documents = new Map<string, string>();
  for (const [id, document] of entriesOf(text, path)) {
    const known = documents.get(String(id));
    if (typeof id !== 'string' || id === '') problems.push('an operation has no "id" that is a string');
    else if (typeof document !== 'string') problems.push(`${quote(id)}: is not the text of a document`);
    else if (known !== undefined && known !== document)
      problems.push(`${quote(id)}: stands for two documents`);
    else documents.set(id, document);
  }
  if (problems.length > 0) throw manifestError(path, problems);
  return documents;
}

/** Short, since an id may be anything. */
export function quote(id: string): string {
  return JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}…` : id);
}

/** Says everything that is wrong with a manifest. */
export function manifestError(path: string, problems: readonly string[]): StartError {
  return new StartError(`The manifest ${path} can't be used:`, problems);
}

const APOLLO_FORMAT = 'apollo-persisted-query-manifest';

function entriesOf(text: string, path: string): readonly (readonly [id: unknown, document: unknown])[] {
  let manifest: unknown;
  try {
    // Some editors put a byte order mark in front.
    manifest = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw manifestError(path, [error instanceof Error ? error.message : String(error)]);
  }
  if (!isJsonObject(manifest)) {
    throw manifestError(path, ['it is not a JSON object of the form { "<id>": "query …" }']);
  }
  if (manifest.format !== APOLLO_FORMAT) return Object.entries(manifest);
  if (manifest.version !== 1 || !Array.isArray(manifest.operations)) {
    throw manifestError(path, [`it is no ${APOLLO_FORMAT} of version 1 with a list of "operations"`]);
  }
  return manifest.operations.map((entry: unknown) =>
    isJsonObject(entry) ? [entry.id, entry.body] : ['', undefined],
  );
}
