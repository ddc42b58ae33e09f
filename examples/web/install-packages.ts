import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const folder = import.meta.dirname;

/** Whether what the page is made of is there. */
export function hasPackages(): boolean {
  return existsSync(`${folder}/node_modules`);
}

/** Installs what the page is made of, where it is missing. Throws where npm can't. */
export function installPackages(): void {
  if (hasPackages()) return;
  console.log(
    'examples/web/node_modules is missing: installing the packages (npm ci in examples/web, once) ...',
  );
  const { status } = spawnSync('npm', ['ci'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error('npm ci in examples/web failed');
}
