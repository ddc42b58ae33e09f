import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = import.meta.dirname;
const installed = `${folder}/node_modules`;
const scratchParent = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

/** Installs Mercurius Gateway where it is missing. Throws where npm can't. */
export function installMercurius(): void {
  if (existsSync(installed)) return;
  console.log('Mercurius Gateway is missing: installing it (npm ci, once) ...');
  // Moved into place as a whole: several processes may find it missing at once, as those of a test run do.
  const scratch = mkdtempSync(`${scratchParent}/.mercurius-`);
  try {
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      copyFileSync(`${folder}/${file}`, `${scratch}/${file}`);
    const { status } = spawnSync('npm', ['ci'], { cwd: scratch, stdio: 'inherit' });
    if (status !== 0) throw new Error('npm ci of Mercurius Gateway failed');
    renameSync(`${scratch}/node_modules`, installed);
  } catch (error) {
    if (!existsSync(installed)) throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
