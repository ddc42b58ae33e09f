import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Installs Mercurius Gateway where it is missing. Throws where npm can't. */
export function installMercurius(): void {
  const folder = import.meta.dirname;
  if (existsSync(`${folder}/node_modules`)) return;
  console.log('Mercurius Gateway is missing: installing it (npm ci, once) ...');
  const { status } = spawnSync('npm', ['ci'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error('npm ci of Mercurius Gateway failed');
}
