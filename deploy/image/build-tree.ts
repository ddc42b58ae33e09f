import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Instruction, readAptPackages, readCopy, readExecForm, type Stage } from './read-dockerfile.ts';

/** What the last stage leaves: a folder with its files, and how to run it. */
export interface Image {
  /** Stands for `/` of the image. */
  readonly root: string;
  /** Where commands run, in this machine's paths, as in `env`. */
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  /** `user:group` in numbers; empty where the image says none. */
  readonly user: string;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  /** Debian packages that were not installed: this machine has to have them. */
  readonly debianPackages: readonly string[];
}

/** An image while its stage is being done. */
type Draft = { -readonly [Key in keyof Image]: Image[Key] };

/** Where `buildTree` reads and writes. */
export interface BuildOptions {
  /** The folder that Docker would be given. */
  readonly context: string;
  /** An empty one to build in. */
  readonly folder: string;
}

/**
 * Does what the stages of a Dockerfile say, each in an empty folder and with an environment of its own. Instead of the
 * base images, it uses what this machine has: npm, and the libraries of Debian.
 * @throws Error where a step fails, or an instruction is not known
 */
export function buildTree(stages: readonly Stage[], { context, folder }: BuildOptions): Image {
  const roots = new Map<string, string>();
  let image: Draft | undefined;
  for (const [index, stage] of stages.entries()) {
    const root = join(folder, `stage-${index}`);
    mkdirSync(root, { recursive: true });
    roots.set(stage.name, root);
    image = {
      root,
      workdir: root,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder },
      user: '',
      command: [],
      healthCheck: [],
      debianPackages: [],
    };
    for (const instruction of stage.instructions) apply(instruction, image, context, roots);
  }
  if (image === undefined) throw new Error('The Dockerfile has no stage');
  return image;
}

function apply({ name, text }: Instruction, image: Draft, context: string, roots: Map<string, string>): void {
  console.log(`${name} ${text}`);
  switch (name) {
    case 'WORKDIR':
      image.workdir = join(image.root, text);
      mkdirSync(image.workdir, { recursive: true });
      return;
    case 'COPY': {
      const { sources, destination, from } = readCopy(text);
      const source = from === undefined ? context : roots.get(from);
      if (source === undefined) throw new Error(`COPY names a stage that does not exist: ${from}`);
      const target = join(destination.startsWith('/') ? image.root : image.workdir, destination);
      for (const path of sources) copy(join(source, path), target);
      return;
    }
    case 'RUN': {
      const packages = readAptPackages(text);
      image.debianPackages = [...image.debianPackages, ...packages];
      if (packages.length > 0) return;
      execFileSync('/bin/sh', ['-c', text], { cwd: image.workdir, env: image.env, stdio: 'inherit' });
      return;
    }
    case 'ENV':
      image.env = { ...image.env, ...readEnv(text, image) };
      return;
    case 'USER':
      image.user = text;
      return;
    case 'CMD':
      image.command = readExecForm({ name, text });
      return;
    case 'HEALTHCHECK':
      image.healthCheck = readExecForm({ name, text });
      return;
    case 'EXPOSE':
      return;
    default:
      throw new Error(`${name} is not known here: teach it to deploy/image/build-tree.ts`);
  }
}

/** As Docker does it: of a folder its content, and a file into the target where that ends with a slash. */
function copy(source: string, target: string): void {
  const intoFolder = target.endsWith('/') && !statSync(source).isDirectory();
  const path = intoFolder ? join(target, basename(source)) : target;
  cpSync(source, path, { recursive: true, verbatimSymlinks: true });
}

/** Reads `NAME=value …`. The working directory's path becomes that of this machine. */
function readEnv(text: string, { root, workdir, env }: Draft): Record<string, string> {
  const assignments = text.split(/\s+/).map((word) => word.split('=', 2));
  return Object.fromEntries(
    assignments.map(([name = '', value = '']) => [
      name,
      value.replaceAll(workdir.slice(root.length), workdir).replaceAll('$PATH', env.PATH ?? ''),
    ]),
  );
}
