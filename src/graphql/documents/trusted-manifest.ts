import type { Operations } from '../operations/operations.ts';
import { type Manifest, ManifestError, quote, readManifest } from './manifest.ts';

/**
 * Reads a manifest whose documents are all fit to be executed: what would be refused whenever it comes is found at the
 * start.
 * @throws ManifestError that names every problem
 */
export async function readTrustedManifest(path: string, operations: Operations): Promise<Manifest> {
  const manifest = await readManifest(path);
  const problems: string[] = [];
  for (const [id, text] of manifest) {
    const problem = await operations.problemOf(text);
    if (problem !== undefined) problems.push(`${quote(id)}: ${problem}`);
  }
  if (problems.length > 0) throw new ManifestError(path, problems);
  return manifest;
}
