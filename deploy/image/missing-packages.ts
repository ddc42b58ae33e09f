import { execFileSync } from 'node:child_process';

/** In every image of Debian. */
const ALWAYS_THERE = ['libc6', 'libgcc-s1'];

/**
 * The Debian packages that a program's libraries come from and that an image with these packages would lack. Where this
 * machine is not Debian, it can't be told: none, and a line that says so.
 */
export function missingPackages(program: string, installed: readonly string[]): string[] {
  const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\S+\.so\S*(?= =>)/g) ?? [];
  const owners = libraries.map(owner);
  if (owners.includes(undefined)) console.log('Skipped, since dpkg is not here: the libraries of the image');
  const needed = new Set(owners.filter((name) => name !== undefined));
  return [...needed.difference(new Set([...ALWAYS_THERE, ...installed]))];
}

function owner(library: string): string | undefined {
  try {
    const line = execFileSync('dpkg', ['-S', `*/${library}`], { encoding: 'utf8', stdio: 'pipe' });
    return line.slice(0, line.indexOf(':'));
  } catch {
    return undefined;
  }
}
