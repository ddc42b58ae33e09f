import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { folder, type Manifest, readManifests, repository } from './manifests.ts';

type Validated = { validate(): void };
type Models = Readonly<Record<string, new (manifest: Manifest) => Validated>>;

/** Where the schemas of an API are. */
function modelsOf(apiVersion: string): string {
  const isOperator = apiVersion.startsWith('monitoring.coreos.com/');
  return `${isOperator ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models'}/${apiVersion}`;
}

const TSC = join(repository, 'node_modules/.bin/tsc');

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
if (!hasKubectl)
  console.log('Skipped, since kubectl is not installed: what Kustomize makes of the manifests');

test('every manifest is one of Kustomize', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml');
  expect(readManifests()).toHaveLength(files.length);
});

test.for(readManifests())('$kind has values that its schema allows', async (manifest) => {
  await validate(manifest);
});

test('manifests have no field that their schemas lack, and lack none that they ask for', () => {
  const temporary = mkdtempSync(join(repository, 'node_modules/.manifests-'));
  onTestFinished(() => rmSync(temporary, { recursive: true }));
  const source = readManifests().map((manifest, index) => {
    const type = `import('${modelsOf(manifest.apiVersion)}').I${manifest.kind}`;
    return `export const manifest${index}: ${type} = ${JSON.stringify(manifest, undefined, 2)};`;
  });
  writeFileSync(join(temporary, 'manifests.mts'), source.join('\n'));
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { skipLibCheck: true },
    include: ['*.mts'],
  };
  writeFileSync(join(temporary, 'tsconfig.json'), JSON.stringify(config));

  const tsc = spawnSync(TSC, ['--noEmit', '-p', temporary], { cwd: repository, encoding: 'utf8' });
  expect(tsc.stdout + tsc.stderr).toBe('');
  expect(tsc.status).toBe(0);
});

test.skipIf(!hasKubectl)('Kustomize puts the manifests together', async () => {
  const text = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  const rendered = parseAllDocuments(text).map((document): Manifest => document.toJS());
  expect(rendered.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ConfigMap', 'Deployment']));
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  expect(text).toContain(`image: community-users-graphql:${version}`);
  for (const manifest of rendered) await validate(manifest);
});

/** Holds a manifest against the types, formats and enumerations of its schema. */
async function validate(manifest: Manifest): Promise<void> {
  const models: Models = await import(modelsOf(manifest.apiVersion));
  const Model = models[manifest.kind];
  if (Model === undefined) throw new Error(`${manifest.apiVersion} has no ${manifest.kind}`);
  new Model(manifest).validate();
}
