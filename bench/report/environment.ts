import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { coresCanBeSplit } from '../cores.ts';

/** Where and with what the numbers were obtained, as lines of a list. */
export function describeEnvironment(): string[] {
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0);
  const [cpu] = cpus();
  return [
    `Machine: ${cpus().length} × ${cpu?.model.trim() ?? arch()}, ${gibibytes} GiB, ${platform()} ${release()}`,
    `Cores: ${coresCanBeSplit ? 'the server on one, the load and the REST API on the other' : 'shared, nothing pinned'}`,
    `Versions: Node ${process.versions.node}, ${packageVersions().join(', ')}`,
    `Date: ${new Date().toISOString().slice(0, 10)}`,
  ];
}

function packageVersions(): string[] {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return Object.entries(manifest.dependencies).map(([name, version]) => `${name} ${version}`);
}
