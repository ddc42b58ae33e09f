import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The id of a document, as `@graphql-codegen/client-preset` has it. */
export function idOf(text: string): string {
  return `sha256:${hashOf(text)}`;
}

/** The hash alone. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Writes a file for the time of a test; gives its path. */
export async function writeManifest(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'manifest-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'persisted-documents.json');
  await writeFile(path, content);
  return path;
}

/** A manifest of these documents; gives its path. */
export function manifestOf(...texts: string[]): Promise<string> {
  return writeManifest(JSON.stringify(Object.fromEntries(texts.map((text) => [idOf(text), text]))));
}
