import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export const repository = resolve(import.meta.dirname, '../..');

/** The folder of the Kubernetes manifests. */
export const folder = join(repository, 'deploy/kubernetes');

/** What all resources of Kubernetes have. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [key: string]: unknown;
}

/** Reads a YAML file of the repository; the caller says what it holds. */
export function readYaml<Content>(path: string): Content {
  return parse(readFileSync(join(repository, path), 'utf8'));
}

/** The manifests that Kustomize is told of, in its order. */
export function readManifests(): Manifest[] {
  const { resources } = readYaml<{ resources: string[] }>('deploy/kubernetes/kustomization.yaml');
  return resources.map((file) => readYaml<Manifest>(`deploy/kubernetes/${file}`));
}
