import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Installs what the benchmark compares with, where it is missing. Throws where npm can't. */
export function installPeers(): void {
  const bench = fileURLToPath(new URL('.', import.meta.url));
  if (existsSync(`${bench}/node_modules`)) return;
  console.log('bench/node_modules is missing: installing the peers (npm ci in bench/, once) ...');
  const { status } = spawnSync('npm', ['ci'], { cwd: bench, stdio: 'inherit' });
  if (status !== 0) throw new Error('npm ci in bench/ failed');
}
